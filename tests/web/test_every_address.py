"""Every address of the program with parameters of every odd kind: told so, never a fault of the program."""

from html import unescape

import pytest
from starlette.testclient import TestClient

from app.main import ROUTERS
from app.web.address import PARAMETERS
from app.web.explorer.addresses import PROGRESS

HUGE = "9" * 30
VALUES = [
    "x",
    "-1",
    "0",
    HUGE,
    f"-{HUGE}",
    "1e400",
    "nan",
    "\u0663",
    "%00",
    "%ED%A0%80",  # a lone surrogate in UTF-8
    "%ff",
    "%F0%9F%98%80" * 300,
    "a" * 4000,
    "a:b:c..d,e;(f",
    "'%22><script>{{7*7}}",
    "../../etc/passwd",
]
NAMES = [
    *PARAMETERS,
    *PROGRESS,
    "from.turns",
    "to.turns",
    "from.",
    "to.x",
    "name",
    "nothing",
    "%ED%A0%80",
    "",
]
OPEN = {"/healthz", "/readyz", "/openapi.json", "/favicon.ico"}  # which look at no parameter


def paths(name: str, row: str = "3") -> list[str]:
    """All addresses that GET has, filled in."""
    filled = {
        "{name}": name,
        "{row}": row,
        "{other}": "4",
        "{rest:path}": "nothing",
        "{identity}": "none",
    }
    found = []
    for route in (each for router in ROUTERS for each in router.routes):
        if "GET" in getattr(route, "methods", ()):
            path: str = route.path  # type: ignore[attr-defined]
            for each, value in filled.items():
                path = path.replace(each, value)
            found.append(path)
    assert len(found) > 25
    return found


def statuses(client: TestClient, address: str, taken: set[int]) -> int:
    status = client.get(address).status_code
    assert status in taken, (status, address)
    return status


@pytest.mark.parametrize("named", range(len(NAMES)))
def test_odd_values_of_each_parameter(client: TestClient, named: int) -> None:
    for place, path in enumerate(paths("talks")):
        value = VALUES[(named + place) % len(VALUES)]  # each of them, at one path or another
        statuses(client, f"{path}?{NAMES[named]}={value}", {200, 202, 204, 303, 308, 404, 422})


def test_while_the_index_is_built(building: TestClient) -> None:
    for place, path in enumerate(paths("talks")):
        for name in NAMES[place % 3 :: 3]:
            statuses(building, f"{path}?{name}=x", {200, 202, 204, 303, 308, 404, 409, 422})


def test_unknown_parameters_are_named(client: TestClient) -> None:
    for path in set(paths("talks")) - OPEN:
        answer = client.get(f"{path}?nothing=1")
        assert answer.status_code in (404, 422), path
        assert answer.status_code == 404 or "there is no parameter" in answer.text.lower()


def test_a_repeated_parameter_is_refused(client: TestClient) -> None:
    for path in set(paths("talks")) - OPEN:
        for name in ("q", "page", "shape", "of"):
            statuses(client, f"{path}?{name}=1&{name}=2", {404, 422})


@pytest.mark.parametrize("row", ["-1", "x", HUGE, "9223372036854775808", "%00", "%ED%A0%80"])
def test_odd_rows(client: TestClient, row: str) -> None:
    for path in paths("talks", row):
        if "conversations" in path:
            statuses(client, path, {404, 422})


@pytest.mark.parametrize("name", ["%00", "%ED%A0%80", "a" * 4000, "%2e%2e%2f", "{{7*7}}"])
def test_odd_names(client: TestClient, name: str) -> None:
    for path in paths(name):
        if name in path:
            statuses(client, path, {307, 404, 422})


@pytest.mark.parametrize("shown", ["x", "prompt,x", "Prompt", "prompt reasoning"])
@pytest.mark.parametrize("held", ["client", "building"])
def test_parts_that_there_are_not(request: pytest.FixtureRequest, held: str, shown: str) -> None:
    client: TestClient = request.getfixturevalue(held)
    answer = client.get(f"/datasets/talks/progress?shown={shown}")
    assert answer.status_code == 422
    assert "'shown' is one of prompt, reasoning, answer" in unescape(answer.text)


@pytest.mark.parametrize("sent", ["http://[x", "", "http://x/%00?%ff", "\\\\", "http://x:99999/"])
def test_odd_addresses_of_the_page_around_a_part(building: TestClient, sent: str) -> None:
    for name in ("HX-Current-URL", "HX-Target", "HX-Trigger", "If-None-Match", "Accept", "Cookie"):
        for path in ("/datasets/talks/progress", "/", "/datasets/talks", "/static/app.js"):
            assert building.get(path, headers={name: sent}).status_code == 200
