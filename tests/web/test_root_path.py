"""The site below a path of its own: what it writes begins with it, what it takes may."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from app.config import OWN_PATHS, Settings, asset_dir
from app.library import Library
from app.main import create_app

FRONT = "/team/lens"
WRITTEN = re.compile(r'\b(?:href|src|action|formaction|hx-[a-z-]+|data-[a-z-]+)="(/[^"]*)"')
BEGUN = "/downloads/"  # an address that a script completes


def written(page: str) -> Iterator[str]:
    """All addresses of the site in a page, those of its style sheets and scripts too."""
    for found in WRITTEN.findall(page):
        address = unescape(found).partition("#")[0]
        if address and not address.endswith(BEGUN):
            yield address


def kinds(address: str) -> set[tuple[str, str]]:
    """What an address is an example of: its path less its numbers, with each of its parameters."""
    parts = urlsplit(address)
    path = re.sub(r"\d+", "0", parts.path)
    return {(path, ""), *((path, name) for name, _ in parse_qsl(parts.query))}


@pytest.fixture(scope="module")
def below(settings: Settings, library: Library) -> TestClient:
    """A client of the application below a path."""
    chosen = Settings(**{**settings.model_dump(), "root_path": f"{FRONT}/"})
    return TestClient(create_app(chosen, library), "http://127.0.0.1:8000", follow_redirects=False)


def test_every_address_of_every_page_has_it_and_answers(below: TestClient) -> None:
    """With a proxy that leaves what stands in front, and with one that takes it away: for that, each path
    once."""
    asked = [f"{FRONT}/", f"{FRONT}/datasets/talks/facets?facet=metadata.tags"]
    seen = set().union(*map(kinds, asked))
    for address in asked:
        assert address.startswith(f"{FRONT}/"), address
        answer = below.get(address)
        assert answer.status_code in (200, 303), address
        found = [answer.headers["Location"]] if answer.status_code == 303 else []
        if answer.headers.get("content-type", "").startswith("text/html"):
            found += written(answer.text)
            assert all(each.startswith(f"{FRONT}/") for each in WRITTEN.findall(answer.text))
        for each in found:
            if not kinds(each) <= seen:
                seen |= kinds(each)
                asked.append(each)
    for address in {re.sub(r"\d+", "0", urlsplit(each).path): each for each in asked}.values():
        answer = below.get(address.removeprefix(FRONT))
        assert answer.status_code in (200, 303), address
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert all(each.startswith(f"{FRONT}/") for each in WRITTEN.findall(answer.text))
    paths = {path for path, _ in seen}
    talks = f"{FRONT}/datasets/talks"
    assert {f"{FRONT}/docs", f"{FRONT}/openapi.json", talks, f"{talks}/facets"} <= paths
    assert {f"{talks}/conversations/0/raw", f"{talks}/export", f"{talks}/export/file"} <= paths
    assert {
        f"{FRONT}/api/datasets/talks/search",
        f"{FRONT}/api/datasets/talks/export.jsonl",
    } <= paths
    assert any("/static/" in path and path.endswith(".css") for path in paths)


@pytest.mark.parametrize(
    ("address", "status", "location"),
    [
        ("/favicon.ico", 308, "/static/icon.svg"),
        ("/datasets/talks?from.turns=1&to.turns=2", 303, "/datasets/talks?filter=turns%3A1..2"),
        ("/datasets/talks/export/file?type=csv", 303, "/api/datasets/talks/export.csv"),
        ("/docs/", 307, "/docs"),
    ],
)
@pytest.mark.parametrize("front", ["", FRONT])
def test_redirects_lead_below_it(
    below: TestClient, front: str, address: str, status: int, location: str
) -> None:
    answer = below.get(front + address)
    assert answer.status_code == status
    assert answer.headers["Location"].removeprefix("http://127.0.0.1:8000") == FRONT + location


@pytest.mark.parametrize("front", ["", FRONT])
def test_json_has_it_too(below: TestClient, front: str) -> None:
    assert below.get(f"{front}/openapi.json").json()["servers"] == [{"url": FRONT}]
    gone = below.get(f"{front}/api/datasets/talks/search?page=99&size=10")
    assert gone.json()["link"] == f"{FRONT}/api/datasets/talks/search?size=10&page=6"
    lost = below.get(f"{front}/api/nothing")
    assert (lost.status_code, lost.json()["code"]) == (404, "not_found")
    assert below.get(f"{front}/healthz").text == "ok\n"


@pytest.mark.parametrize("address", ["/nothing", "/datasets/nothing", "/datasets/talks?page=99"])
@pytest.mark.parametrize("front", ["", FRONT])
def test_pages_of_errors_lead_on_below_it(below: TestClient, front: str, address: str) -> None:
    answer = below.get(front + address)
    assert answer.status_code == 404
    assert f'href="{FRONT}/' in answer.text
    assert all(each.startswith(f"{FRONT}/") for each in WRITTEN.findall(answer.text))


def test_a_fault_of_the_program_is_told_below_it(
    below: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.home.addresses.library_of", lambda request: 1 / 0)
    fault = TestClient(below.app, "http://127.0.0.1:8000", raise_server_exceptions=False).get("/")
    assert fault.status_code == 500
    assert f'<a href="{FRONT}/">All datasets</a>' in fault.text
    assert all(each.startswith(f"{FRONT}/") for each in WRITTEN.findall(fault.text))


def test_the_path_itself_is_the_first_page(below: TestClient) -> None:
    assert below.get(FRONT).text == below.get(f"{FRONT}/").text == below.get("/").text
    assert below.get(f"{FRONT}x").status_code == 404
    assert below.get(f"{FRONT}{FRONT}/").status_code == 404


def test_without_it_nothing_stands_in_front(client: TestClient) -> None:
    assert all(not each.startswith("/team") for each in WRITTEN.findall(client.get("/").text))
    assert client.get(f"{FRONT}/").status_code == 404
    assert "servers" not in client.get("/openapi.json").json()


def test_styles_and_scripts_name_no_address_from_the_root() -> None:
    for path in asset_dir("static").rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?/", path.read_text()), path
    for path in asset_dir("static").glob("*.js"):
        assert not re.search(r"[\"'`]/(?:" + "|".join(OWN_PATHS) + r")\b", path.read_text()), path


@pytest.mark.parametrize(
    ("given", "taken"), [("", ""), ("/", ""), ("/lens", "/lens"), ("/a.b/c-d_~1/", "/a.b/c-d_~1")]
)
def test_a_path_is_taken(given: str, taken: str) -> None:
    assert Settings(root_path=given).root_path == taken


@pytest.mark.parametrize(
    "given", ["lens", "http://x/lens", "/a b", "/a//b", "//a", "/a/../b", "/.", '/"', "/a?b", "/é"]
)
def test_a_path_that_would_break_addresses_is_refused(given: str) -> None:
    with pytest.raises(ValidationError, match="is no path such as /team/lens"):
        Settings(root_path=given)


def test_a_path_that_the_site_has_itself_is_refused(client: TestClient) -> None:
    paths = {getattr(route, "path", "") for route in client.app.routes}  # type: ignore[attr-defined]
    assert {path.split("/")[1] for path in paths if path.strip("/")} <= {*OWN_PATHS}
    for name in OWN_PATHS:
        with pytest.raises(ValidationError, match="the site's own addresses begin with"):
            Settings(root_path=f"/{name}/x")
