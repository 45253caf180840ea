"""Some hundred requests of ``make fuzz``, the same ones each time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from app.config import Settings
from app.library import Library
from app.main import create_app

from . import odd
from .asking import Answer, Asked, corpus, fault, requests


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("fuzz")
    library = Library(Settings(data_dir=folder / "data"), [*map(str, odd.write(folder))])
    library.prepare_all(lambda entry: None)
    assert [each.state for each in library.entries.values()] == ["ready", "ready"]
    app = create_app(library.settings, library)
    yield TestClient(app, "http://localhost", follow_redirects=False)
    library.close()


def answer(client: TestClient, request: Asked) -> Answer:
    found = client.request(request.method, request.path, headers=dict(request.headers))
    headers = {name.lower(): value for name, value in found.headers.items()}
    return Answer(found.status_code, headers, found.content)


def test_no_request_makes_a_fault(asked: TestClient) -> None:
    statuses: list[int] = []

    @settings(
        max_examples=300,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(requests([]))
    def ask(request: Asked) -> None:
        found = answer(asked, request)
        statuses.append(found.status)
        assert fault(request, found) == "", request

    ask()
    assert len(statuses) >= 300
    assert statuses.count(200) > 30  # not all are refused at the door


@pytest.mark.parametrize("name", ["odd", "pairs"])
def test_what_is_fuzzed_is_shown(asked: TestClient, name: str) -> None:
    assert asked.get(f"/datasets/{name}").status_code == 200
    fields = asked.get("/api/datasets").json()["datasets"][name == "pairs"]["fields"]
    assert len(fields) > 10


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (200, {}, b"", ""),
        (500, {}, b"", "status 500"),
        (507, {}, b"", "status 507"),
        (503, {}, b"", "503 without Retry-After"),
        (503, {"retry-after": "2"}, b"", ""),
        (200, {"content-type": "application/json"}, b"NaN", "no JSON"),
        (404, {"content-type": "application/json"}, b'{"error": "x"}', "an error without words"),
        (
            404,
            {"content-type": "application/json"},
            b'{"error": "x", "code": "y", "request_id": "z"}',
            "",
        ),
        (200, {}, b"Traceback (most recent", "a traceback"),
    ],
)
def test_what_a_fault_is(status: int, headers: dict[str, str], body: bytes, said: str) -> None:
    made = Answer(status, {"x-request-id": "a", **headers}, body)
    assert fault(Asked("/api/x"), made) == said


def test_an_answer_has_an_id_and_head_no_body() -> None:
    assert fault(Asked("/"), Answer(200, {}, b"")) == "no request id"
    headed = Asked("/", "HEAD")
    assert fault(headed, Answer(200, {"x-request-id": "a"}, b"x")) == "a body"


def test_the_corpora_have_what_no_test_of_ours_has() -> None:
    if not (Path(__file__).parents[3] / "shared" / "corpora").is_dir():
        pytest.skip("the corpora of hostile texts are not beside this repository")
    assert len(corpus()) > 800
