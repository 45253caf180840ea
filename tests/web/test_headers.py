"""What every response carries, which hosts are answered, and the fixed parts of pages."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.config import Settings, asset_dir
from app.errors import TookTooLong
from app.library import Library
from app.main import create_app
from app.search.dataset import Dataset
from app.web.headers import HTMX_CDN, HTMX_INTEGRITY, Headers

from .coroutines import ended

CDN = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'{}; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
DATA_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PAGES = [
    ("/", 200),
    ("/search?q=triangle", 200),
    ("/docs", 200),
    ("/datasets/talks", 200),
    ("/datasets/talks?q=triangle&filter=split:train", 200),
    ("/datasets/talks?page=9", 404),
    ("/datasets/talks?page=0", 422),
    ("/datasets/broken", 409),
    ("/datasets/talks/facets", 200),
    ("/datasets/talks/facets?facet=metadata.tags", 200),
    ("/datasets/talks/conversations/0", 200),
    ("/datasets/talks/conversations/0/raw", 200),
    ("/datasets/talks/conversations/0/beside/1", 200),
    ("/datasets/talks/overview", 200),
    ("/datasets/talks/overview?q=triangle&filter=split:train", 200),
    ("/datasets/talks/overview?by=nothing", 422),
    ("/datasets/talks/conversations/0/beside/0", 422),
    ("/datasets/talks/copies", 200),
    ("/datasets/talks/copies?of=response", 422),
    ("/datasets/talks/copies/0", 200),
    ("/datasets/talks/copies/by", 200),
    ("/datasets/talks/copies/by?field=turns", 422),
    ("/datasets/talks/copies/600", 404),
    ("/datasets/talks/conversations/600", 404),
    ("/datasets/talks/conversations/x", 422),
    ("/datasets/nothing", 404),
    ("/nothing", 404),
    ("/static/nothing.js", 404),
    ("/static/", 404),
]
DATA = [
    ("/healthz", 200),
    ("/favicon.ico", 308),
    ("/openapi.json", 200),
    ("/api/datasets", 200),
    ("/api/datasets/talks/search", 200),
    ("/api/datasets/talks/search?page=0", 422),
    ("/api/datasets/talks/facets", 200),
    ("/api/datasets/talks/conversations/0", 200),
    ("/api/datasets/talks/export.jsonl", 200),
    ("/api/datasets/broken/search", 409),
    ("/api/nothing", 404),
    ("/datasets/talks?from.turns=1", 303),
    ("/static/app.js", 200),
    ("/static/app.css", 200),
    ("/static/icon.svg", 200),
    ("/static/vendor/htmx-2.0.11.min.js", 200),
]


@pytest.mark.parametrize(("address", "status"), PAGES)
def test_pages_carry_the_policy_of_pages(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY.format(f" {CDN}")
    assert "HX-Request" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize(("address", "status"), DATA)
def test_all_else_carries_the_policy_of_data(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == DATA_POLICY
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS


def test_other_methods_have_the_headers_too(client: TestClient) -> None:
    answer = client.post("/datasets/talks")
    assert answer.status_code == 405
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY.format(f" {CDN}")


@pytest.mark.parametrize(
    ("address", "policy"),
    [
        ("/datasets/talks", PAGE_POLICY.format(f" {CDN}")),
        ("/api/datasets/talks/search", DATA_POLICY),
    ],
)
def test_a_fault_of_the_program_says_nothing_of_it_and_has_the_headers(
    settings: Settings, library: Library, monkeypatch: pytest.MonkeyPatch, address: str, policy: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(Dataset, "search", fail)
    app = create_app(settings, library)
    answer = TestClient(app, "http://127.0.0.1", raise_server_exceptions=False).get(address)
    assert answer.status_code == 500
    assert "omething went wrong here" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["Content-Security-Policy"] == policy
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS


def test_local_assets_name_no_other_host_in_the_policy(local: TestClient) -> None:
    for address, _ in PAGES:
        policy = local.get(address).headers["Content-Security-Policy"]
        assert policy == PAGE_POLICY.format("")


def test_local_assets_load_nothing_from_another_host(local: TestClient) -> None:
    for address, _ in PAGES:
        page = local.get(address).text
        loaded = re.findall(
            r"""<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["']([^"']*)""", page
        )
        assert loaded
        assert all(re.match(r"/(?!/)", each) for each in loaded), (address, loaded)
        assert "jsdelivr" not in page


def test_pages_load_htmx_from_its_cdn_with_its_hash(client: TestClient) -> None:
    tag = (
        f'<script src="{CDN}" integrity="{HTMX_INTEGRITY}" crossorigin="anonymous" defer></script>'
    )
    assert HTMX_CDN == CDN
    for address, _ in PAGES:
        page = client.get(address).text
        assert tag in page, address
        assert page.index("/app.js") < page.index(CDN)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/api/datasets", "private, no-cache"),
        ("/api/datasets/talks/search", "private, no-cache"),
        ("/api/nothing", "private, no-cache"),
        ("/api/datasets/talks/export.jsonl", "no-store"),
        ("/api/datasets/talks/export.parquet", "no-store"),
        ("/api/datasets/talks/export.manifest.json", "no-store"),
        ("/healthz", "no-store"),
    ],
)
def test_data_is_kept_by_its_reader_at_most(client: TestClient, address: str, kept: str) -> None:
    assert client.get(address).headers["Cache-Control"] == kept


def test_what_cannot_be_now_says_when_to_ask_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TookTooLong("it ended")

    monkeypatch.setattr(Dataset, "search", fail)
    for address in ("/datasets/talks", "/api/datasets/talks/search"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


# Hosts


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LocalHost:99", "[::1]", "[::1]:8000"]
)
def test_loopback_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "127.0.0.1.example.org",
        "localhost.example.org:8000",
        "example.org:127.0.0.1",
        "[::2]",
        "::1@example.org",
        "127.0.0.1:1@example.org",
        "localhost:",
        "localhost:x",
        "localhost:99999",
        "localhost:\u0661",
        "local host",
        "[::1",
        "[::1]x",
        "[::1]:x",
        "::1",
        "127.0.0.1,localhost",
        "0.0.0.0",
        "",
    ],
)
@pytest.mark.parametrize("address", ["/", "/api/datasets", "/static/app.js", "/nothing"])
def test_a_foreign_host_is_refused(client: TestClient, host: str, address: str) -> None:
    answer = client.get(address, headers={b"Host": host.encode()})
    assert answer.status_code == 400
    assert answer.json()["code"] == "host"
    assert "--allow-host" in answer.json()["error"]
    assert answer.headers["Content-Security-Policy"] == DATA_POLICY


def test_an_allowed_host_is_answered(settings: Settings, library: Library) -> None:
    chosen = settings.model_copy(update={"allow_hosts": ("Data.Example.org",)})
    client = TestClient(create_app(chosen, library), "http://data.example.org:8000")
    assert client.get("/healthz").status_code == 200
    assert client.get("/healthz", headers={"Host": "other.example.org"}).status_code == 400


# The shipped files


def _sha384(path: Path) -> str:
    return base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def test_vendored_files_are_those_that_are_listed() -> None:
    folder = asset_dir("static") / "vendor"
    rows = re.findall(
        r"^\| [^|]+ \| [^|]+ \| `([^`]+)` \| `([^`]+)` \|", (folder / "VENDOR.md").read_text(), re.M
    )
    assert {name: _sha384(folder / name) for name, _ in rows} == dict(rows)
    listed = {name for name, _ in rows}
    assert {path.name for path in folder.iterdir() if path.suffix in (".js", ".css")} <= listed


def test_the_copy_of_htmx_is_the_file_of_the_integrity_hash() -> None:
    copy = asset_dir("static") / "vendor" / "htmx-2.0.11.min.js"
    assert f"sha384-{_sha384(copy)}" == HTMX_INTEGRITY


TEMPLATES = sorted(asset_dir("templates").glob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_nothing_inline(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<style\b|\sstyle\s*=|javascript:|hx-on|hx-vals=['\"]js", text, re.I)
    assert not re.search(r"""<[^>]*\son[a-z]+\s*=""", text, re.I)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))
    assert not re.search(r"<script\b[^>]*>\s*[^<\s]", text)


RENDERED = {
    ("_card.html", "card.citation | safe"),
    ("_message.html", "part.html | safe"),
    ("_reasoning.html", "paragraph.html | safe"),
    ("_tool.html", "call.name | safe"),
    ("_tool.html", "call.html | safe"),
    ("raw.html", "html | safe"),
    ("beside.html", "part.html | safe"),
    ("beside.html", "paragraph.html | safe"),
    ("beside.html", "call.name | safe"),
    ("beside.html", "call.html | safe"),
}


def test_only_rendered_parts_are_called_safe() -> None:
    found = [
        (template.name, expression.strip())
        for template in TEMPLATES
        for expression in re.findall(r"\{\{([^}]*\|\s*safe[^}]*)\}\}", template.read_text("utf-8"))
    ]
    assert set(found) == RENDERED
    assert not any("autoescape" in template.read_text("utf-8") for template in TEMPLATES)


# Files that pages load


def test_a_page_loads_its_files_from_addresses_that_may_be_kept(client: TestClient) -> None:
    page = client.get("/").text
    loaded = re.findall(r'(?:src|href)="(/static/[^"]*)"', page)
    assert len(loaded) > 15
    for address in loaded:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        plain = client.get(re.sub(r"/v-[0-9a-f]{12}/", "/", address))
        assert plain.content == answer.content
        assert plain.headers["Cache-Control"] == "no-cache"


def test_the_files_of_another_release_are_asked_for_anew(client: TestClient) -> None:
    answer = client.get("/static/v-000000000000/app.css")
    assert answer.content == client.get("/static/app.css").content
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get("/static/app.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")


@pytest.mark.parametrize(
    "address", ["/static/v-000000000000/", "/static/v-000000000000", "/static/v-0/app.css"]
)
def test_no_other_address_below_static_answers(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_what_is_no_request_of_http_goes_through(kind: str) -> None:
    met: list[str] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        met.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        return None

    ended(Headers(inner, Settings())({"type": kind}, nothing, nothing))
    assert met == [kind]
