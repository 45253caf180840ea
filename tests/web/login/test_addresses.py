"""The login: its page, its cookie, where it leads on to, and its end."""

import re
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from app.access.sessions import LIFE, holder
from app.access.tokens import Token, Tokens
from app.access.tries import Tries
from app.config import Settings
from app.library import Library
from app.main import create_app

ADDRESS = "http://127.0.0.1:8000"
ANN = Token("ann", "read", "the-secret-of-ann-16+&=%")
TOKENS = Tokens([ANN])
Open = Callable[..., TestClient]


@pytest.fixture
def opened(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """``opened(root_path="", base=ADDRESS, tokens=TOKENS)``: a client of a site without datasets."""

    def client(root_path: str = "", base: str = ADDRESS, tokens: Tokens = TOKENS) -> TestClient:
        settings = Settings(data_dir=tmp_path_factory.mktemp("data"), root_path=root_path)
        app = create_app(settings, Library(settings, []), tokens=tokens)
        app.state.gate.tries = Tries(lambda: 1.0)
        return TestClient(app, base, follow_redirects=False)

    return client


@pytest.mark.parametrize(
    ("front", "base", "cookie"),
    [
        ("", ADDRESS, "Path=/; SameSite=lax"),
        ("/team/lens", ADDRESS, "Path=/team/lens; SameSite=lax"),
        ("", "https://127.0.0.1:8000", "Path=/; SameSite=lax; Secure"),
    ],
)
def test_a_login_gives_a_session(opened: Open, front: str, base: str, cookie: str) -> None:
    client = opened(front, base)
    answer = client.post(f"{front}/login", data={"token": f" {ANN.secret} ", "next": "/docs"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{front}/docs")
    assert answer.headers["Cache-Control"] == "no-store"
    name, _, rest = answer.headers["set-cookie"].partition("=")
    session, _, said = rest.partition("; ")
    assert (name, said) == ("thinklens-8000", f"HttpOnly; Max-Age={LIFE}; {cookie}")
    assert holder(session, TOKENS, client.app.state.gate.clock()) is ANN  # type: ignore[attr-defined]
    page = client.get(f"{front}/docs")
    assert page.status_code == 200
    assert f'action="{front}/logout"' in page.text


def test_its_page(opened: Open) -> None:
    page = opened("/team/lens").get("/team/lens/login?next=/docs%3Fa%3D%22%3E")
    assert page.status_code == 200
    main = page.text.partition("<main")[2]
    assert '<form action="/team/lens/login" method="post" hx-boost="false">' in main
    assert '<input type="hidden" name="next" value="/docs?a=&#34;&gt;">' in main
    assert '<label for="token">Token</label>' in main
    assert "aria-invalid" not in main
    assert "<nav" not in page.text


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil", "https://evil.example", "/login", "/"]
)
def test_it_leads_nowhere_else(opened: Open, wanted: str) -> None:
    client = opened()
    page = client.get("/login", params={"next": wanted})
    assert '<input type="hidden" name="next" value="">' in page.text
    answer = client.post("/login", data={"token": ANN.secret, "next": wanted})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    again = client.get("/login", params={"next": wanted})
    assert (again.status_code, again.headers["location"]) == (303, "/")


@pytest.mark.parametrize("token", ["", "wrong", ANN.secret[:-1], f"{ANN.secret}x", "ann", "ä\x00"])
def test_a_wrong_token_is_said(opened: Open, token: str) -> None:
    answer = opened().post("/login", data={"token": token, "next": "/docs?q=1"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Thinklens"'
    main = answer.text.partition("<main")[2]
    assert 'aria-invalid="true" aria-describedby="wrong"' in main
    assert '<p id="wrong" class="warn" role="alert">This token is not known here.</p>' in main
    assert '<input type="hidden" name="next" value="/docs?q=1">' in main
    assert not re.search(r'id="token"[^>]*value', main)
    assert "<nav" not in answer.text


def test_tries_are_counted_with_those_of_programs(opened: Open) -> None:
    client = opened()
    for number in range(5):
        client.post("/login", data={"token": f"wrong-{number}"})
        client.get("/api/datasets", headers={"Authorization": f"Bearer other-{number}"})
    answer = client.post("/login", data={"token": ANN.secret})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "6")
    assert "Too many wrong tokens were tried: wait 6 seconds, then try again." in answer.text
    assert "set-cookie" not in answer.headers


def test_a_form_has_a_largest_size(opened: Open) -> None:
    client = opened()

    def pieces(count: int) -> Iterator[bytes]:
        yield b"token=wrong&x="
        yield from (b"x" * 1000 for _ in range(count))

    assert client.post("/login", content=b"token=x&x=" + b"x" * 16_374).status_code == 401
    assert client.post("/login", content=b"token=x&x=" + b"x" * 16_375).status_code == 413
    assert client.post("/login", content=pieces(16)).status_code == 401
    assert client.post("/login", content=pieces(17)).status_code == 413


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"token", b"&&&=", b"token=%ff%00", b'{"token":"x"}']
)
def test_odd_forms_are_wrong_ones(opened: Open, body: bytes) -> None:
    assert opened().post("/login", content=body).status_code == 401


def test_the_first_of_a_name_is_meant(opened: Open) -> None:
    body = b"token=the-secret-of-ann-16%2B%26%3D%25&token=x&next=/docs&next=/openapi.json"
    answer = opened().post("/login", content=body)
    assert (answer.status_code, answer.headers["location"]) == (303, "/docs")


@pytest.mark.parametrize("front", ["", "/team/lens"])
def test_a_logout_ends_it_in_this_browser(opened: Open, front: str) -> None:
    client = opened(front)
    client.post(f"{front}/login", data={"token": ANN.secret})
    assert client.get(f"{front}/docs").status_code == 200
    assert client.get(f"{front}/logout").status_code == 405
    assert client.get(f"{front}/docs").status_code == 200
    answer = client.post(f"{front}/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{front}/login")
    assert answer.headers["set-cookie"].startswith('thinklens-8000=""; HttpOnly; Max-Age=0; ')
    assert client.get(f"{front}/docs").status_code == 303
    assert "Max-Age=0" in client.post(f"{front}/logout").headers["set-cookie"]


def test_without_tokens_there_is_nothing_to_log_in_for(opened: Open) -> None:
    client = opened(tokens=Tokens())
    for answer in (client.get("/login?next=/docs"), client.post("/login", data={"next": "/docs"})):
        assert (answer.status_code, answer.headers["location"]) == (303, "/docs")
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("query", ["nothing=1", "next=/docs&next=/"])
def test_other_parameters_are_refused(opened: Open, query: str) -> None:
    assert opened().get(f"/login?{query}").status_code == 422
