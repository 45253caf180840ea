"""What a monitor sees: counts of requests, states of datasets, each limit; whether the server is ready."""

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from app.config import Settings
from app.errors import Busy, Failed
from app.library import Library
from app.main import create_app
from app.search.dataset import Dataset
from app.search.shard.deadline import too_long
from app.search.shard.field_codes import FieldCodes
from app.web.export.downloads import Download, Downloads
from app.web.limits import limits
from app.web.metrics import Metrics
from app.web.record import Answered

from .conftest import ADDRESS

README = Path(__file__).parents[2] / "README.md"

# Each limit that the README tells: how, the name, and the value that is told.
TOLD = {
    "four exports at once": ("exports", 4),
    "ends 10 seconds after it began": ("request_seconds", 10),
    "and 30 after it last took": ("stall_seconds", 30),
    "at most 1,000, or half": ("connections", 1_000),
    "more than 32 MB is refused": ("row_bytes", 32 * 2**20),
    "more than 16 GB unpacked": ("unpacked_bytes", 16 * 2**30),
    "at most 1,000 characters": ("query_characters", 1_000),
    "50 brackets": ("query_brackets", 50),
    "50 filters": ("filters", 50),
    "ends after 3 seconds": ("query_seconds", 3),
    "regex after 20": ("scan_seconds", 20),
    "at most 20 requests wait": ("scans_waiting", 20),
    "more than 200,000 characters": ("markdown_block_characters", 200_000),
    "first 300 messages": ("messages_of_a_page", 300),
    "makes 3.5 MB of HTML": ("page_bytes", 3_500_000),
    "takes two seconds of the processor": ("page_seconds", 2),
    "first 10,000 hits": ("hits_of_a_page", 10_000),
    "at most 1,000 lines": ("metadata_lines", 1_000),
    "a value in 20,000 characters": ("metadata_value_characters", 20_000),
    "two pages of conversations": ("readings_at_once", 2),
    "six searches with a regex": ("scans_at_once", 6),
    "twelve other lists": ("questions_at_once", 12),
    "at most 30 seconds outside": ("lane_seconds", 30),
    "200 of each kind": ("lane_waiting", 200),
    "first 250,000 words": ("compared_words", 250_000),
    "at most 32 first rows": ("compared_groups", 32),
    "ends after 600 seconds": ("overlap_seconds", 600),
    "at most 64 MB": ("form_bytes", 64 * 2**20),
    "one of 512 MB": ("benchmark_bytes", 512 * 2**20),
    "at most 16,000,000 characters together": ("question_characters", 16_000_000),
}
ORDER = "dataset step route method status le name state".split()  # noqa: SIM905
NONE = ("(503", "14 MB", "nine of 50", "334 MB")  # what is measured, and no limit


@pytest.fixture
def asked(settings: Settings, library: Library) -> TestClient:
    """A client of an application of which nothing was asked yet."""
    return TestClient(create_app(settings, library), ADDRESS, follow_redirects=False)


def samples(client: TestClient) -> dict[tuple[str, tuple[str, ...]], float]:
    """All values by name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (
            each.name,
            tuple(each.labels[name] for name in sorted(each.labels, key=ORDER.index)),
        ): each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


def test_requests_are_counted_by_template_method_and_status(asked: TestClient) -> None:
    sizes = [len(asked.get(f"/datasets/talks/conversations/{n}").content) for n in (1, 2)]
    asked.get("/datasets/other/conversations/1")
    asked.head("/datasets/talks/conversations/1")
    asked.request("BREW", "/healthz")
    asked.get("/nowhere/at/all")
    found = samples(asked)
    route = "/datasets/{name}/conversations/{row}"
    assert found["thinklens_requests_total", (route, "GET", "200")] == 2
    assert found["thinklens_requests_total", (route, "GET", "404")] == 1
    assert found["thinklens_requests_total", (route, "HEAD", "200")] == 1
    assert found["thinklens_requests_total", ("/healthz", "other", "405")] == 1
    assert found["thinklens_requests_total", ("", "GET", "404")] == 1
    assert found["thinklens_request_seconds_count", (route,)] == 4
    assert found["thinklens_request_seconds_bucket", (route, "+Inf")] == 4
    assert found["thinklens_sent_bytes_total", (route,)] > sum(sizes)
    assert found["thinklens_requests_under_way", ()] == 1  # this one
    assert found["thinklens_broken_answers_total", ()] == 0


def test_an_answer_that_broke_off_is_counted(library: Library) -> None:
    metrics = Metrics(library, Downloads())
    metrics.began()
    metrics.answered(Answered("a", "GET", "/x", "", 200, False, 7, 0.2))
    said = metrics.written("")[0].decode()
    assert "thinklens_broken_answers_total 1.0" in said
    assert "thinklens_requests_under_way 0.0" in said
    assert 'thinklens_sent_bytes_total{route="/x"} 7.0' in said
    assert 'thinklens_request_seconds_bucket{le="0.1",route="/x"} 0.0' in said
    assert 'thinklens_request_seconds_bucket{le="0.25",route="/x"} 1.0' in said


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS"])
def test_methods_that_are_told_by_name(library: Library, method: str) -> None:
    metrics = Metrics(library, Downloads())
    metrics.answered(Answered("a", method, "/x", "", 200, True))
    assert f'{{method="{method}",route="/x",status="200"}} 1.0' in metrics.written("")[0].decode()


def test_threads_where_only_those_of_python_are_known(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("app.web.metrics._OWN_THREADS", tmp_path / "absent")
    said = Metrics(library, Downloads()).written("")[0].decode()
    assert f"thinklens_threads {threading.active_count()}.0" in said


def test_two_applications_count_apart(settings: Settings, library: Library) -> None:
    one, other = (TestClient(create_app(settings, library), ADDRESS) for _ in range(2))
    one.get("/healthz")
    assert ("thinklens_requests_total", ("/healthz", "GET", "200")) in samples(one)
    assert ("thinklens_requests_total", ("/healthz", "GET", "200")) not in samples(other)


def test_datasets_by_state_and_rows(asked: TestClient, building: TestClient) -> None:
    found = samples(asked)
    states = [found["thinklens_datasets", (each,)] for each in ("ready", "building", "failed")]
    assert states == [2, 0, 1]
    assert found["thinklens_rows", ("talks",)] == 60
    assert found["thinklens_rows", ("broken",)] == 0
    assert samples(building)["thinklens_build_done_ratio", ("talks", "waiting")] == 0


def test_how_far_a_build_is(settings: Settings, talks_path: Path) -> None:
    library = Library(settings, [str(talks_path)])
    library.entries["talks"].done = 15
    client = TestClient(create_app(settings, library), ADDRESS)
    assert samples(client)["thinklens_build_done_ratio", ("talks", "waiting")] == 0.25
    library.entries["talks"].total = 0
    assert samples(client)["thinklens_build_done_ratio", ("talks", "waiting")] == 0


def test_exports_under_way_and_refused(library: Library) -> None:
    downloads = Downloads()
    export: Any = type("Export", (), {"rows": [1], "key": (1,)})()
    held = [downloads.begin("talks", "", export) for _ in range(4)]
    for _ in range(3):
        with pytest.raises(Busy):
            downloads.begin("talks", "", export)
    assert isinstance(held[0], Download)
    metrics = Metrics(library, downloads)
    metrics.beside({"connections": 7}, lambda: 5)
    said = metrics.written("")[0].decode()
    assert "thinklens_exports_under_way 4.0" in said
    assert "thinklens_exports_refused_total 3.0" in said
    assert "thinklens_connections 5.0" in said
    assert 'thinklens_limit{name="connections"} 7.0' in said


def test_queries_and_facets_that_were_ended(
    asked: TestClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> None:
        raise too_long(3)

    monkeypatch.setattr(FieldCodes, "counted", ended)
    counted = len(asked.get("/api/datasets/talks/facets").json()["facets"])
    assert counted > 5
    monkeypatch.setattr(Dataset, "search", ended)
    assert asked.get("/api/datasets/talks/search").status_code == 503
    assert samples(asked)["thinklens_queries_ended_total", ()] == counted + 1


def test_the_process_is_told(asked: TestClient) -> None:
    found = samples(asked)
    assert found["process_resident_memory_bytes", ()] > 2**20
    assert 3 < found["process_open_fds", ()] < found["process_max_fds", ()]
    assert found["thinklens_threads", ()] >= 1


def test_each_limit_is_told(asked: TestClient, settings: Settings) -> None:
    found = samples(asked)
    told = {labels[0]: value for (name, labels), value in found.items() if name.endswith("_limit")}
    assert told == limits(settings)
    assert told["engine_memory_bytes"] == settings.engine_memory_mb * 2**20


def test_the_limits_of_the_readme(settings: Settings) -> None:
    """Each number of the section is a limit that is told, with the same value."""
    from app.commands.connections import MOST
    from app.commands.connections import limits as of_connections

    text = README.read_text("utf-8")
    section = " ".join(text[text.index("\n## Limits") : text.index("\n## When something")].split())
    known = {**limits(settings), **of_connections(), "connections": MOST}
    left = section
    for phrase, (name, value) in TOLD.items():
        assert phrase in section
        assert known[name] == value, name
        left = left.replace(phrase, "")
    for phrase in NONE:
        left = left.replace(phrase, "")
    assert re.findall(r"\d[\d,.]*", left) == []


def test_the_form_that_is_asked_for(asked: TestClient) -> None:
    plain = asked.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=")
    assert plain.headers["cache-control"] == "no-store"
    kind = "application/openmetrics-text"
    other = asked.get("/metrics", headers={"Accept": f"{kind}; version=1.0.0"})
    assert other.headers["content-type"].startswith(kind)
    assert other.text.endswith("# EOF\n")


def test_it_takes_no_parameter(asked: TestClient) -> None:
    assert asked.get("/metrics?x=1").status_code == 422


# ------------------------------------------------------------------------------------- readiness


def test_ready_with_what_can_be_shown_and_what_failed(asked: TestClient) -> None:
    answer = asked.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "3 of 3 datasets are ready\n")
    assert asked.head("/readyz").status_code == 200


def test_rows_that_can_be_read_are_enough(building: TestClient) -> None:
    assert building.get("/readyz").status_code == 200


@pytest.fixture
def converting(settings: Settings, tmp_path: Path) -> Library:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"prompt": "a", "response": "b"}\n' * 40_000)
    library = Library(settings, [str(path)])
    entry = library.entries["lines"]
    entry.first = None
    assert entry.source is None
    return library


def test_not_ready_before_anything_can_be_shown(settings: Settings, converting: Library) -> None:
    client = TestClient(create_app(settings, converting), ADDRESS)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "0 of 1 datasets are ready\n")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.head("/readyz").status_code == 503
    converting.entries["lines"].error = Failed("it broke")
    assert client.get("/readyz").status_code == 200


def test_not_ready_while_stopping(asked: TestClient) -> None:
    asked.app.state.stopping = True  # type: ignore[attr-defined]
    answer = asked.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "stopping\n")
    assert asked.get("/healthz").status_code == 200


def test_a_name_of_a_dataset_that_there_is_not_is_not_told(
    asked: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Answered] = []
    monkeypatch.setattr("app.main.tell_request", seen.append)
    for path in ("/datasets/talks?q=secret", "/datasets/anything", "/healthz"):
        asked.get(path)
    assert [each.dataset for each in seen] == ["talks", "", ""]
    assert [each.route for each in seen] == ["/datasets/{name}", "/datasets/{name}", "/healthz"]
    assert [each.whole for each in seen] == [True] * 3
