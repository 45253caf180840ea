"""Who may ask: every address without a token and with one, sessions, tries, and what of it is never told."""

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app.access.sessions import LIFE, begun
from app.access.tokens import Token, Tokens
from app.access.tries import Tries
from app.config import Settings
from app.library import Library
from app.main import ROUTERS, create_app
from app.search.dataset import Dataset
from app.web.access import Gate
from app.web.api import ERRORS

from .conftest import ADDRESS
from .coroutines import ended

ANN = Token("ann", "read", "the-secret-of-ann-16")
BOB = Token("bob", "write", "the-secret-of-bob-16")
OPEN = {"/healthz", "/readyz", "/login", "/logout", "/favicon.ico"}
FILLED = {
    "{name}": "talks",
    "{row}": "3",
    "{other}": "4",
    "{rest:path}": "nothing",
    "{identity}": "x",
}
BEARER = {"Authorization": f"Bearer {ANN.secret}"}
COOKIE = "thinklens-8000"
Open = Callable[..., TestClient]


@pytest.fixture
def opened(settings: Settings, library: Library) -> Open:
    """``opened(root_path="", base=ADDRESS)``: a client of the application with two tokens."""

    def client(root_path: str = "", base: str = ADDRESS) -> TestClient:
        chosen = settings.model_copy(update={"root_path": root_path})
        app = create_app(chosen, library, tokens=Tokens([ANN, BOB]))
        app.state.gate.tries = Tries(lambda: 1.0)
        return TestClient(app, base, follow_redirects=False)

    return client


@pytest.fixture
def guarded(opened: Open) -> TestClient:
    return opened()


def gate_of(client: TestClient) -> Gate:
    gate: Gate = client.app.state.gate  # type: ignore[attr-defined]
    return gate


def session_of(client: TestClient, token: Token = ANN) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={begun(token, gate_of(client).clock())}"}


def addresses() -> Iterator[tuple[str, str]]:
    """Every method and address of the program."""
    for route in (each for router in ROUTERS for each in router.routes):
        path: str = route.path  # type: ignore[attr-defined]
        for name, value in FILLED.items():
            path = path.replace(name, value)
        for method in getattr(route, "methods", ()):
            yield method, path


def test_every_address_asks_for_a_token(guarded: TestClient) -> None:
    found = list(addresses())
    assert len(found) > 28
    for method, path in [*found, ("GET", "/openapi.json"), ("GET", "/metrics")]:
        for asked in (method, "HEAD", "OPTIONS", "POST", "DELETE", "BREW"):
            answer = guarded.request(asked, path)
            if path in OPEN:
                assert answer.status_code != 303 or path == "/logout", path
                assert "error=" not in answer.headers.get("WWW-Authenticate", "")
            elif path.startswith(("/api/", "/metrics", "/openapi.json")):
                assert (answer.status_code, "location" in answer.headers) == (401, False), path
                assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Thinklens"'
                if asked != "HEAD":
                    said = "this address asks for a token: send Authorization: Bearer SECRET, or log in"
                    assert (answer.json()["code"], answer.json()["error"]) == ("no_token", said)
            else:
                assert answer.status_code == 303, path
                assert answer.headers["location"].partition("?")[0] == "/login"


@pytest.mark.parametrize("said", [BEARER, {"Authorization": f"bearer  {ANN.secret} "}, "session"])
def test_every_address_answers_who_says_one(
    guarded: TestClient, client: TestClient, said: dict[str, str] | str
) -> None:
    headers = session_of(guarded) if isinstance(said, str) else said
    for method, path in addresses():
        if method == "GET" and path not in OPEN:
            assert guarded.get(path, headers=headers).status_code == client.get(path).status_code


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/login", "/favicon.ico", "/static/app.css"]
)
def test_what_is_open_looks_at_no_token(guarded: TestClient, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": f"{COOKIE}=x"}):
        assert guarded.get(path, headers=headers).status_code not in (303, 401)


@pytest.mark.parametrize(
    ("path", "status", "led"),
    [
        ("/", 303, "/login"),
        (
            "/datasets/talks?q=a%20b&page=2",
            303,
            "/login?next=%2Fdatasets%2Ftalks%3Fq%3Da%2520b%26page%3D2",
        ),
        ("//evil.example", 303, "/login"),
        ("//api/datasets", 303, "/login"),
        ("/api", 303, "/login?next=%2Fapi"),
        ("/API/datasets", 303, "/login?next=%2FAPI%2Fdatasets"),
        ("/api%2Fdatasets", 401, None),
        ("/api/../datasets/talks", 401, None),
        ("/%61pi/datasets", 401, None),
        ("/static", 303, "/login?next=%2Fstatic"),
        ("/static/../api/datasets", 404, None),
        ("/static/..%2fapi/datasets", 404, None),
        ("/static/%2e%2e/datasets/talks", 404, None),
        ("/healthz/", 303, "/login?next=%2Fhealthz%2F"),
        ("/healthz/../datasets/talks", 303, "/login?next=%2Fhealthz%2F..%2Fdatasets%2Ftalks"),
        ("/login/../datasets/talks", 303, "/login"),
        ("/login/", 303, "/login"),
        ("/healthz%00", 303, "/login?next=%2Fhealthz%2500"),
    ],
)
@pytest.mark.parametrize("front", ["", "/team/lens"])
def test_odd_addresses_open_nothing(
    opened: Open, front: str, path: str, status: int, led: str | None
) -> None:
    answer = raw(opened(front), front + path)
    assert answer["status"] == status
    assert answer.get("location") == (None if led is None else front + led)


def raw(client: TestClient, target: str, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """The answer to a request that is sent as it is said: clients would tidy its address."""
    from urllib.parse import unquote

    path, _, query = target.partition("?")
    found: dict[str, Any] = {}
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("192.0.2.9", 9),
        "headers": [(b"host", b"localhost"), *headers],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            found.update({key.decode(): value.decode() for key, value in message["headers"]})
            found["status"] = message["status"]

    ended(client.app(scope, receive, send))  # type: ignore[arg-type]
    return found


INVALID = 'Bearer realm="Thinklens", error="invalid_token"'
RIGHT = f"Bearer {ANN.secret}".encode()


@pytest.mark.parametrize(
    ("said", "status", "challenge"),
    [
        ([RIGHT], 200, None),
        ([b"Basic eDp5", RIGHT], 200, None),
        ([RIGHT, RIGHT], 401, INVALID),
        ([RIGHT, b"Bearer wrong"], 401, INVALID),
        ([RIGHT + b", Bearer x"], 401, INVALID),
        ([b"Bearer ann"], 401, INVALID),
        ([b"Bearer ann:read:" + ANN.secret.encode()], 401, INVALID),
        ([b"Bearer"], 401, INVALID),
        ([b"Bearer \xff\xfe"], 401, INVALID),
        ([ANN.secret.encode()], 401, 'Bearer realm="Thinklens"'),
        ([b"Token " + ANN.secret.encode()], 401, 'Bearer realm="Thinklens"'),
        ([b"Basic eDp5"], 401, 'Bearer realm="Thinklens"'),
    ],
)
def test_what_is_said_as_bearer(
    guarded: TestClient, said: list[bytes], status: int, challenge: str | None
) -> None:
    answer = raw(guarded, "/api/datasets", *((b"authorization", each) for each in said))
    assert (answer["status"], answer.get("www-authenticate")) == (status, challenge)


def test_two_bearers_are_told(guarded: TestClient) -> None:
    twice = [("Authorization", f"Bearer {each.secret}") for each in (ANN, BOB)]
    answer = guarded.get("/api/datasets", headers=twice)
    assert (answer.status_code, answer.json()["error"]) == (401, "the token is said more than once")


def test_a_wrong_bearer_is_not_helped_by_a_session(guarded: TestClient) -> None:
    wrong = {"Authorization": "Bearer wrong-wrong-wrong", **session_of(guarded)}
    answer = guarded.get("/api/datasets", headers=wrong)
    assert (answer.status_code, answer.json()["error"]) == (401, "this token is not known here")
    page = guarded.get("/datasets/talks", headers=wrong)
    assert (page.status_code, page.headers["WWW-Authenticate"]) == (401, INVALID)
    assert "This token is not known here." in page.text
    basic = {"Authorization": "Basic eDp5", **session_of(guarded)}
    assert guarded.get("/api/datasets", headers=basic).status_code == 200


def test_a_session_among_other_cookies(guarded: TestClient) -> None:
    right = session_of(guarded)["Cookie"]
    name = f"{COOKIE}="
    for line in (f"a=b; {right}", f"{right};c", f"{name}x; {right}", f";;=;{name}; {right}"):
        assert raw(guarded, "/", (b"cookie", line.encode()))["status"] == 200
    assert raw(guarded, "/", (b"cookie", b"a=b"), (b"cookie", right.encode()))["status"] == 200
    assert raw(guarded, "/", (b"cookie", (f"{name}x; " * 9 + right).encode()))["status"] == 200
    for line in (
        f"{name}x; " * 10 + right,
        right.replace("8000", "8001"),
        right.upper(),
        right + "0",
    ):
        assert raw(guarded, "/", (b"cookie", line.encode()))["status"] == 303
    odd = b"thinklens-8000=ann.1.\xff; thinklens-8000=...; thinklens-8000=ann.9e9.0"
    assert raw(guarded, "/", (b"cookie", odd))["status"] == 303


def test_a_session_ends(guarded: TestClient) -> None:
    headers = session_of(guarded)
    gate, now = gate_of(guarded), gate_of(guarded).clock()
    gate.clock = lambda: now + LIFE - 1
    assert guarded.get("/", headers=headers).status_code == 200
    gate.clock = lambda: now + LIFE + 1
    assert guarded.get("/", headers=headers).status_code == 303
    assert guarded.get("/api/datasets", headers=headers).status_code == 401


def test_wrong_bearers_are_throttled_and_sessions_are_not(guarded: TestClient) -> None:
    for number in range(10):
        wrong = {"Authorization": f"Bearer wrong-secret-{number}"}
        assert guarded.get("/api/datasets", headers=wrong).status_code == 401
    answer = guarded.get("/api/datasets", headers=BEARER)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tries")
    assert answer.headers["Retry-After"] == "6"
    assert answer.json()["error"] == (
        "too many wrong tokens were tried: wait 6 seconds, then try again"
    )
    page = guarded.get("/datasets/talks", headers=BEARER)
    assert (page.status_code, page.headers["Retry-After"]) == (429, "6")
    assert "Too many tries" in page.text
    assert guarded.get("/api/datasets", headers=session_of(guarded)).status_code == 200
    for _ in range(20):  # no session is guessed, so that an old one is no try
        assert guarded.get("/", headers={"Cookie": f"{COOKIE}=x"}).status_code == 303
    other = raw(guarded, "/api/datasets", (b"authorization", RIGHT))
    assert other["status"] == 200


def test_the_tries_of_many_do_not_shut_out_from_where_a_token_came(guarded: TestClient) -> None:
    assert guarded.get("/api/datasets", headers=BEARER).status_code == 200
    for number in range(100):
        gate_of(guarded).tries.failed(f"198.51.100.{number}", b"x")
    assert guarded.get("/api/datasets", headers=BEARER).status_code == 200
    assert raw(guarded, "/api/datasets", (b"authorization", RIGHT))["status"] == 429


@pytest.mark.parametrize("front", ["", "/team/lens"])
def test_a_part_leads_the_whole_page_to_the_login(opened: Open, front: str) -> None:
    client, asked = opened(front), {"HX-Request": "true"}
    page = {"HX-Current-URL": f"{ADDRESS}{front}/datasets/talks?q=a"}
    answer = client.get(f"{front}/datasets/talks/facets", headers={**asked, **page})
    assert answer.status_code == 401
    assert "You are not logged in any more." in answer.text
    assert answer.headers["HX-Redirect"] == f"{front}/login?next=%2Fdatasets%2Ftalks%3Fq%3Da"
    link = {**asked, **page, "HX-Boosted": "true"}
    answer = client.get(f"{front}/datasets/talks/conversations/3", headers=link)
    wanted = "%2Fdatasets%2Ftalks%2Fconversations%2F3"
    assert answer.headers["HX-Redirect"] == f"{front}/login?next={wanted}"
    foreign = {**asked, "HX-Current-URL": "http://evil.example//evil.example/"}
    answer = client.get(f"{front}/datasets/talks", headers=foreign)
    assert answer.headers["HX-Redirect"] == f"{front}/login"
    sent = client.post(f"{front}/datasets/talks", headers=link)
    assert sent.headers["HX-Redirect"] == f"{front}/login?next=%2Fdatasets%2Ftalks%3Fq%3Da"
    assert "HX-Redirect" not in client.get(f"{front}/api/datasets", headers=asked).headers


def test_websockets_are_closed(guarded: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as found, guarded.websocket_connect("/datasets/talks"):
        pass
    assert found.value.code == 1008


def test_what_begins_and_ends_with_the_server_asks_for_no_token(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    app = create_app(settings, Library(settings, []), tokens=Tokens([ANN]))
    with TestClient(app, ADDRESS) as client:
        assert client.get("/api/datasets", headers=BEARER).json() == {"datasets": []}


def test_without_tokens_nobody_is_asked(client: TestClient) -> None:
    assert client.get("/api/datasets").status_code == 200
    assert client.get("/", headers={"Authorization": "Bearer wrong"}).status_code == 200
    assert "Log out" not in client.get("/").text
    assert "security" not in client.get("/openapi.json").json()


def test_what_another_site_sends_is_refused(client: TestClient, guarded: TestClient) -> None:
    path, foreign = "/api/datasets/talks/downloads/x", {"Origin": "http://evil.example"}
    answer = client.delete(path, headers=foreign)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign")
    assert client.delete(path, headers={"Origin": ADDRESS}).status_code == 404
    assert guarded.delete(path, headers={**foreign, **session_of(guarded)}).status_code == 403
    page = client.post("/login", headers=foreign)
    assert (page.status_code, "Sent from elsewhere" in page.text) == (403, True)


@pytest.mark.parametrize("said", ["bearer", "session"])
def test_whose_request_it_was_is_recorded(opened: Open, said: str) -> None:
    client = opened()
    headers = BEARER if said == "bearer" else session_of(client)
    app: Any = client.app
    told: list[tuple[str, int, str]] = []
    client.get("/healthz")  # which puts the middlewares together
    record = app.middleware_stack
    while type(record).__name__ != "Record":
        record = record.app
    record._told = lambda answered: told.append((answered.route, answered.status, answered.token))
    client.get("/datasets/talks", headers=headers)
    client.get("/datasets/talks")
    client.head("/api/datasets", headers=headers)
    client.post("/login", data={"token": BOB.secret})
    assert told == [
        ("/datasets/{name}", 200, "ann"),
        ("", 303, ""),
        ("/api/datasets", 200, "ann"),
        ("/login", 303, "bob"),
    ]


def test_the_header_names_the_token(guarded: TestClient) -> None:
    page = guarded.get("/datasets/talks", headers=session_of(guarded, BOB)).text
    assert '<form class="holder" action="/logout" method="post">' in page
    assert ">bob</span><button>Log out</button></form>" in page


def test_the_description_names_the_scheme(guarded: TestClient) -> None:
    for _ in range(2):
        said = guarded.get("/openapi.json", headers=BEARER).json()
        assert said["security"] == [{"token": []}]
        scheme = {"type": "http", "scheme": "bearer", "description": "The secret of a token."}
        assert said["components"]["securitySchemes"] == {"token": scheme}
        for methods in said["paths"].values():
            answers = methods["get"]["responses"]
            assert answers["401"]["description"] == "No token, or one that is not known."
            assert answers["429"]["description"].startswith("Too many wrong tokens;")
            assert answers["401"]["content"] == ERRORS[400]["content"]
    page = guarded.get("/docs", headers=BEARER).text
    assert "No token, or one that is not known." in page
    assert "Programs send a token: <code>Authorization: Bearer SECRET</code>." in page


def test_no_secret_is_told(
    guarded: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in pages, headers, errors or the log, of who has one and of who has a wrong one."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    caplog.set_level(logging.DEBUG)
    wrong = "a-wrong-secret-of-somebody"

    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    answers = []
    for secret in (wrong, ANN.secret):
        headers = {"Authorization": f"Bearer {secret}"}
        answers += [guarded.get(path, headers=headers) for path in ("/", "/docs", "/api/nothing")]
        answers.append(guarded.get("/openapi.json", headers=headers))
        answers.append(guarded.post("/login", data={"token": secret, "next": "/docs"}))
    monkeypatch.setattr(Dataset, "search", fail)
    broken = TestClient(guarded.app, ADDRESS, raise_server_exceptions=False)
    answers.append(broken.get("/datasets/talks", headers=BEARER))
    assert answers[-1].status_code == 500
    told = [caplog.text, written.getvalue(), repr(gate_of(guarded).__dict__)]
    told += [answer.text + repr(answer.headers) for answer in answers]
    assert "broken" in caplog.text
    sent = [each for each in told if wrong in each or ANN.secret in each or BOB.secret in each]
    assert sent == []
