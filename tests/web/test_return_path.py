"""Where a login leads on to: an address of this site, whatever was asked."""

import pytest

from app.web.return_path import LONGEST, around, asked, local


@pytest.mark.parametrize(
    "text",
    [
        "/datasets/a",
        "/datasets/a%2Fb/conversations/3?q=%22a+b%22&in=all",
        "/datasets/a?q=http://evil.example//x",
        "/loginx",
        "/datasets/login",
        "/?name=x",
        "/" + "x" * (LONGEST - 1),
    ],
)
def test_an_address_of_this_site(text: str) -> None:
    assert local(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/datasets/\\evil",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: x",
        "\t//evil.example",
        " /datasets",
        "/datasets x",
        "/datasets/ä",
        "/\x00",
        "/\x7f",
        "http://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "datasets",
        "?q=x",
        "#x",
        "/login",
        "/login?next=/login",
        "/login/",
        "/logout",
        "/logout?x",
        "/" + "x" * LONGEST,
    ],
)
def test_what_is_none(text: str) -> None:
    assert local(text) == ""


@pytest.mark.parametrize(
    ("raw", "query", "front", "wanted"),
    [
        (b"/datasets/a%2Fb", b"q=a%20b", "", "/datasets/a%2Fb?q=a%20b"),
        (b"/team/lens/datasets/a", b"", "/team/lens", "/datasets/a"),
        (b"/datasets/a", b"", "/team/lens", "/datasets/a"),
        (b"/team/lens", b"q=x", "/team/lens", ""),
        (b"/team/lens/", b"", "/team/lens", ""),
        (b"/team/lensx", b"", "/team/lens", "/team/lensx"),
        (b"/team/lens//evil.example", b"", "/team/lens", ""),
        (b"//evil.example", b"", "", ""),
        (b"/\xe4", b"", "", ""),
        (b"/a", b"\xff", "", ""),
    ],
)
def test_the_address_of_a_request(raw: bytes, query: bytes, front: str, wanted: str) -> None:
    scope = {"path": "unread", "raw_path": raw, "query_string": query}
    assert asked(scope, front) == wanted


def test_without_the_bytes_that_were_sent_it_is_quoted() -> None:
    assert asked({"path": "/a b/ä\udce4", "query_string": b""}, "") == "/a%20b/%C3%A4%3F"


@pytest.mark.parametrize(
    ("current", "wanted"),
    [
        ("http://127.0.0.1:8000/team/lens/datasets/a?q=x#hit-1", "/datasets/a?q=x"),
        ("/datasets/a", "/datasets/a"),
        ("http://127.0.0.1:8000/team/lens", ""),
        ("http://evil.example//evil.example/x", ""),
        ("javascript:alert(1)", ""),
        ("http://[x", ""),
        ("", ""),
    ],
)
def test_the_page_around_a_part(current: str, wanted: str) -> None:
    assert around(current, "/team/lens") == wanted
