"""Downloads under way: what is said of one, how it ends, and how many are remembered."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.errors import Busy, InvalidInput, NotFound
from app.web.export import downloads
from app.web.export.downloads import LONGEST_ID, Download, Downloads


def export(key: object = 1, rows: int = 3) -> Any:
    """What a download asks of an export, its counts to be moved by hand."""
    tally = SimpleNamespace(rows=0)
    return SimpleNamespace(
        rows=range(rows),
        key=(key,),
        written=0,
        file=None,
        met=None,
        shaper=SimpleNamespace(tally=tally),
    )


def test_how_far_it_is() -> None:
    made = export()
    download = Download(made)
    assert download.said() == {"state": "writing", "rows": 0, "of": 3, "bytes": 0}
    made.shaper.tally.rows, made.written = 2, 50
    assert download.said() == {"state": "writing", "rows": 2, "of": 3, "bytes": 50}


@pytest.mark.parametrize("ends", [["done"], ["broken"], ["done", "broken"], ["broken", "done"]])
def test_the_first_word_of_its_end_stands(ends: list[str]) -> None:
    made = export()
    download = Download(made)
    made.shaper.tally.rows, made.written, made.file = 3, 70, {"bytes": 70}
    for end in ends:
        download.end(end)
    made.written, made.file = 99, None  # it has let go of the export
    assert download.said() == {"state": ends[0], "rows": 3, "of": 3, "bytes": 70}
    assert download.file == {"bytes": 70}
    assert not download.stopped
    download.stop()
    assert download.state == ends[0]


def test_it_is_stopped_and_stays_so() -> None:
    download = Download(export())
    download.stop()
    assert download.stopped
    download.end("broken")
    assert download.said()["state"] == "stopped"


def test_it_is_found_by_its_dataset_and_id() -> None:
    all_ = Downloads()
    one = all_.begin("a", "x", export(1))
    other = all_.begin("b", "x", export(2))
    nameless = all_.begin("a", "", export(3))
    assert all_.get("a", "x") is one
    assert all_.get("b", "x") is other
    assert len({id(one), id(other), id(nameless)}) == 3
    for name, identity in (("a", "y"), ("c", "x"), ("a", "")):
        with pytest.raises(NotFound):
            all_.get(name, identity)


def test_an_id_is_short_and_used_once() -> None:
    all_ = Downloads()
    all_.begin("a", "x" * LONGEST_ID, export())
    with pytest.raises(InvalidInput, match="at most 64 characters"):
        all_.begin("a", "x" * (LONGEST_ID + 1), export())
    with pytest.raises(InvalidInput, match="there was before"):
        all_.begin("a", "x" * LONGEST_ID, export())
    all_.begin("a", "", export())
    all_.begin("a", "", export())


def test_what_was_written_is_that_of_the_latest() -> None:
    all_ = Downloads()
    assert all_.written(export(1)) is None
    for size in (10, 20):
        made = export(1)
        download = all_.begin("a", "", made)
        assert all_.written(made) is None
        made.file = {"bytes": size}
        download.end("done")
        assert all_.written(export(1)) == {"bytes": size}
    assert all_.written(export(2)) is None


def test_only_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "KEPT", 2)
    all_ = Downloads()
    for number in (1, 2, 1, 3):  # the first is begun anew, so that the second is the oldest
        made = export(number)
        made.file = {"bytes": number}
        all_.begin("a", f"{number}-{len(all_._watched)}", made).end("done")
    assert [all_.written(export(number)) for number in (1, 2, 3)] == [
        {"bytes": 1},
        None,
        {"bytes": 3},
    ]
    assert len(all_._watched) == len(all_._latest) == 2


def test_as_many_exports_as_may_be_are_under_way() -> None:
    """One more is told to come again; an export that has ended makes room, however often it is told."""
    downloads = Downloads()
    first, *_ = [downloads.begin("x", "", export(key)) for key in range(4)]
    with pytest.raises(Busy, match="^4 exports are being written, which is the most: try again$"):
        downloads.begin("x", "own", export())
    first.end("done")
    first.end("broken")
    downloads.begin("x", "own", export())
    with pytest.raises(Busy) as refused:
        downloads.begin("x", "", export())
    assert refused.value.seconds == 10
