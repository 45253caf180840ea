"""What loaders refuse, by the order of turns, told on the page and in the manifest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.export.choice import parse
from app.export.job import Export
from app.export.manifest import manifest
from app.export.refusals import Refusal, refusals
from app.search.dataset import Dataset

COUNTS = {"alternating": 9, "joined": 4, "broken": 2, "unknown role": 1}
IN_TURN, STOPS = "turns do not alternate", "roles are unknown, and it stops there"


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("messages", [("LLaMA-Factory", 6, IN_TURN), ("LLaMA-Factory", 1, STOPS)]),
        ("openai", [("LLaMA-Factory", 6, IN_TURN), ("LLaMA-Factory", 1, STOPS)]),
        ("sharegpt", [("LLaMA-Factory", 3, IN_TURN)]),
        ("oumi", [("Oumi", 1, "roles are unknown")]),
        ("alpaca", []),
    ],
)
def test_what_is_refused(shape: str, expected: list[tuple[str, int, str]]) -> None:
    assert refusals(shape, lambda: COUNTS) == [Refusal(*each) for each in expected]


def test_what_nobody_refuses_is_not_told() -> None:
    assert refusals("messages", lambda: {"alternating": 3}) == []


@pytest.fixture
def odd(make_dataset: Callable[..., Dataset]) -> Dataset:
    speakers = ["user assistant", "user user assistant", "user", "user painter"]
    rows = [[{"role": role, "content": "x"} for role in each.split()] for each in speakers]
    return make_dataset([{"messages": each} for each in rows])


def test_the_manifest_has_it_for_the_rows_that_are_written(odd: Dataset, tmp_path: Path) -> None:
    def refused(*asked: tuple[str, str]) -> object:
        export = Export.of(odd, odd.query([]), parse(asked), tmp_path)
        return manifest(export, export.file)["refused"]

    factory = {"trainer": "LLaMA-Factory"}
    assert refused(("shape", "messages")) == [
        {**factory, "rows": 2, "why": IN_TURN},
        {**factory, "rows": 1, "why": STOPS},
    ]
    assert refused(("shape", "messages"), ("limit", "2")) == [
        {**factory, "rows": 1, "why": IN_TURN}
    ]
    assert refused(("shape", "sharegpt")) == [{**factory, "rows": 2, "why": IN_TURN}]
    assert refused() == []
