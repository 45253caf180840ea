"""What the export page says, as values: what becomes of traces, the heading of the preview, the aims."""

from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import pytest

from app.export.choice import Choice
from app.web.address import Address
from app.web.export import page, response
from app.web.export.downloads import Download

from ..coroutines import ended
from .test_downloads import export as watched

KINDS = ("complete", "unclosed", "unopened", "empty", "multiple", "none")
OFF, NEVER, SEVERAL = "1 trace is cut off", "1 trace was never opened", "1 trace is one of several"


def export(choice: Choice, *fields: str, traces: int = 0) -> Any:
    return SimpleNamespace(
        alone=0,
        refusals=(),
        traces=dict.fromkeys(KINDS, traces),
        choice=choice,
        dataset=SimpleNamespace(name="d", fields=dict.fromkeys(fields)),
    )


@pytest.mark.parametrize(
    ("reasoning", "count", "said"),
    [
        ("keep", 0, []),
        ("keep", 1, [f"{OFF}: it is kept so", f"{NEVER}: it is kept so"]),
        (
            "keep",
            2,
            [
                "2 traces are cut off: they are kept so",
                "2 traces were never opened: they are kept so",
            ],
        ),
        (
            "inline",
            1,
            [
                f"{OFF}: it is kept so",
                f"{NEVER}: kept so, unless its tags are others than <think>",
            ],
        ),
        (
            "inline",
            2_000,
            [
                "2,000 traces are cut off: they are kept so",
                "2,000 traces were never opened: kept so, unless their tags are others than <think>",
            ],
        ),
        (
            "strip",
            1,
            [
                f"{OFF}: nothing follows it, its answer is empty",
                f"{NEVER}: all before </think> is taken out",
                f"{SEVERAL} in an answer: the pieces left are joined by a blank line",
            ],
        ),
        (
            "strip",
            2,
            [
                "2 traces are cut off: nothing follows them, only what stood before them is left",
                "2 traces were never opened: all before </think> is taken out",
                "2 traces are several in one answer: the pieces left are joined by a blank line",
            ],
        ),
        (
            "separate",
            1,
            [
                f"{OFF}: all of it is reasoning, its answer is empty",
                f"{NEVER}: all before </think> is reasoning",
                f"{SEVERAL} in an answer, joined by a blank line",
                "1 trace is missing: its reasoning is null",
            ],
        ),
        (
            "separate",
            2,
            [
                "2 traces are cut off: all of them is reasoning, their answers are empty",
                "2 traces were never opened: all before </think> is reasoning",
                "2 traces are several in one answer, joined by a blank line",
                "2 traces are missing: their reasoning is null",
            ],
        ),
    ],
)
def test_what_becomes_of_traces(reasoning: str, count: int, said: list[str]) -> None:
    made = export(Choice("messages", reasoning), traces=count)
    assert list(page._odd(made)) == said


@pytest.mark.parametrize(
    ("kind", "rows", "said"),
    [
        ("jsonl", 0, "No lines"),
        ("jsonl", 1, "The first line"),
        ("jsonl", 2, "The first 2 lines"),
        ("jsonl.gz", 9, "The first 3 lines"),
        ("json", 1, "The first record"),
        ("json", 4, "The first 3 records"),
        ("parquet", 1, "The first record, as JSON"),
        ("parquet", 3, "The first 3 records, as JSON"),
        ("csv", 1, "The first line, below the names of the columns"),
        ("tsv", 2, "The first 2 lines, below the names of the columns"),
    ],
)
def test_the_heading_of_the_preview(kind: str, rows: int, said: str) -> None:
    assert page._previewed(Choice(type=kind), rows) == said


def test_aims_that_compare_answers_are_for_datasets_that_have_others() -> None:
    usual = ["As it is", "SFT with TRL", "LLaMA-Factory", "Oumi", "OpenAI", "Spreadsheet"]
    made = [each.words for each in page._aims(export(Choice()), Address())]
    assert made == usual
    made = [each.words for each in page._aims(export(Choice(), "alternatives"), Address())]
    assert [each for each in made if each not in usual] == [
        "DPO with TRL",
        "DPO with LLaMA-Factory",
    ]
    assert made.index("DPO with TRL") == 2


@pytest.mark.parametrize(
    ("pieces", "state"), [(0, "writing"), (1, "broken"), (2, "broken"), (3, "done")]
)
def test_a_download_that_is_left_is_broken(pieces: int, state: str) -> None:
    """What is read of two pieces; the third is the end."""
    closed: list[bool] = []

    def made() -> Generator[bytes]:
        try:
            yield from (b"a", b"b")
        finally:
            closed.append(True)

    async def run(download: Download) -> None:
        stream = response._pieces(made(), download)
        for _ in range(pieces):
            await anext(stream, None)
        await stream.aclose()

    download = Download(watched())
    ended(run(download))
    assert download.said()["state"] == state
    assert closed == [True] * (pieces > 0)


@pytest.mark.parametrize(
    ("size", "sizes"), [(0, [0]), (1, [1]), (65_536, [65_536]), (140_000, [65_536, 65_536, 8_928])]
)
def test_pieces_are_handed_on_in_small_ones(size: int, sizes: list[int]) -> None:
    whole = bytes(number % 251 for number in range(size))
    parts = list(response._parts({"type": "x", "body": whole, "more_body": False}))
    assert [len(part["body"]) for part in parts] == sizes
    assert b"".join(part["body"] for part in parts) == whole
    assert [part["more_body"] for part in parts] == [True] * (len(sizes) - 1) + [False]
    assert {part["type"] for part in parts} == {"x"}


def test_what_is_handed_on_is_copied_once() -> None:
    """With what is left of a piece copied for each part, a large one takes the square of its size."""
    copied: list[int] = []

    class Noted(bytes):
        def __getitem__(self, key: Any) -> Any:
            copied.append(len(found := Noted(super().__getitem__(key))))
            return found

    size = 40 * response.SENT + 1
    assert len(list(response._parts({"type": "x", "body": Noted(bytes(size))}))) == 41
    assert sum(copied) == size
