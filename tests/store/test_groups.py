"""The file that says which rows are copies: one of a dataset, whenever a build ends."""

from pathlib import Path
from typing import NoReturn

import pyarrow as pa
import pytest

from app.store import groups, joined_file
from app.store.field_rows import Row

ROWS: list[Row] = [{"name": "prompt_group", "column_name": "copies.prompt_group"}]
VALUES = [{"copies.prompt_group": pa.array([0, 0])}, {"copies.prompt_group": pa.array([2])}]


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_the_groups_of_other_shards_go(tmp_path: Path) -> None:
    before = groups.path_of(tmp_path, ["v1-a"])
    groups.write(before, ROWS, VALUES[:1])
    before.with_suffix(".77.part").write_bytes(b"of a build that was killed")
    now = groups.path_of(tmp_path, ["v1-a", "v1-b"])
    groups.write(now, ROWS, VALUES)
    assert names(tmp_path) == [now.name]
    found = joined_file.read(now)
    assert found is not None
    assert found.rows == ROWS


def test_there_are_none_as_long_as_others_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody would remove these any more: what is there is not written again."""
    before, now = (groups.path_of(tmp_path, [each]) for each in ("v1-a", "v1-b"))
    groups.write(before, ROWS, VALUES[:1])

    def refused(*_: object, **__: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        with pytest.raises(OSError, match="No space left"):
            groups.write(now, ROWS, VALUES[:1])
    assert names(tmp_path) == [before.name]
    groups.write(now, ROWS, VALUES[:1])
    assert names(tmp_path) == [now.name]
