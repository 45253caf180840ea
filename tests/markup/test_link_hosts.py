"""A link whose visible text names another host than where it leads tells its real one."""

import pytest

from app.markup import link_hosts
from app.markup.link_hosts import real_host
from app.markup.markdown import render


@pytest.mark.parametrize(
    ("visible", "target", "told"),
    [
        ("bank.com", "https://evil.example/x", "evil.example"),
        ("https://bank.com/login", "https://evil.example", "evil.example"),
        ("go to www.bank.com.", "https://evil.example:80/", "evil.example"),
        ("https://bank.com@evil.example/a", "https://bank.com@evil.example/a", "evil.example"),
        ("bank.com", "https://evil.example\\@bank.com", "evil.example"),
        ("me@bank.com", "mailto:thief@evil.example", "evil.example"),
        ("1.2.3.4", "http://5.6.7.8/", "5.6.7.8"),
        ("bank\u3002com", "https://evil.example", "evil.example"),
        ("\uff42ank.com", "https://evil.example", "evil.example"),
        ("ban\ue0003\ue001k.com", "https://evil.example", "evil.example"),
        ("apple.com", "https://\u0430pple.com", "xn--pple-43d.com"),
        ("bank.com", "https://[::1]/", "[::1]"),
        ("bank.com", "https://a" + "a" * 70 + ".example", "a" * 71 + ".example"),
        ("here", "https://evil.example", ""),
        ("3.14 of v1.2", "https://evil.example", ""),
        ("bank.com", "https://bank.com/login", ""),
        ("www.bank.com", "https://BANK.com.", ""),
        ("bank.com", "http://www.bank.com:8080/x", ""),
        (
            "web.archive.org/web/http://bank.com/",
            "https://web.archive.org/web/http://bank.com/",
            "",
        ),
        ("münchen.de", "https://xn--mnchen-3ya.de/", ""),
        ("bank.com", "javascript:x", ""),
        ("bank.com", "/here", ""),
    ],
)
def test_what_is_told(visible: str, target: str, told: str) -> None:
    assert real_host(target, visible) == told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[bank.com](https://evil.example)", "bank.com</a> (\u2192 evil.example)"),
        ("[the **bank.com** site](https://evil.example)", " site</a> (\u2192 evil.example)"),
        ('[bank.com](https://evil.example "t")', 'bank.com</a> (\u2192 evil.example) "t"'),
        ("[![bank.com](x)](https://evil.example)", "](x)</a> (\u2192 evil.example)"),
        ("<https://bank.com@evil.example>", "evil.example</a> (\u2192 evil.example)"),
        ("[bank&#46;com](https://evil.example)", "bank.com</a> (\u2192 evil.example)"),
        ("[a](https://a.b) bank.com [c](https://d.e)", ">c</a></p>"),
        ("[bank.com](evil.example)", "[bank.com](evil.example)"),
    ],
)
def test_it_stands_behind_the_link(text: str, shown: str) -> None:
    assert shown in render(text).html


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a.com.1!", ["a.com"]),
        ("a.com5.1.2", ["a.com"]),
        ("a.b.1", []),
        ("1a.2b.c3", []),
        ("a.xn--p1ai", ["a.xn--p1ai"]),
        ("a.com-1.2.3.4", ["a.com", "1.2.3.4"]),
        ("a_1.b-1.2.3.4", ["1.2.3.4"]),
        ("1.2.3.4-a.com", ["1.2.3.4-a.com"]),
        ("1.2.3.4.5", []),
        ("a.com\u30021.2.3.4", ["a.com"]),
        ("a.de,b.fr", ["a.de", "b.fr"]),
        ("-" + "a" * 64 + ".com", ["a" * 63 + ".com"]),
    ],
)
def test_the_hosts_that_a_text_names(text: str, named: list[str]) -> None:
    assert link_hosts._named(text) == named


def test_a_long_text_of_dots_is_read_in_time() -> None:
    for part in ("a.", "1a.", "1-1.", "1.2.3."):
        assert real_host("https://evil.example", part * 50_000 + "!") == ""
    assert real_host("https://evil.example", "a" * 100_000 + ".com") == "evil.example"
