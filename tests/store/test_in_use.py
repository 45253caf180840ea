"""The lock that tells whether a folder is in use."""

from pathlib import Path

import pytest

from app.store.in_use import Use, alone


def unused(folder: Path) -> bool:
    with alone(folder) as found:
        return found


def open_files() -> int:
    """How many files this process has open; 0 where the system does not tell."""
    return len([*Path("/proc/self/fd").glob("*")])


def test_a_folder_is_in_use_until_the_last_one_closes_it(tmp_path: Path) -> None:
    assert unused(tmp_path)
    first, second = Use(tmp_path), Use(tmp_path)
    assert not unused(tmp_path)
    first.close()
    first.close()
    assert not unused(tmp_path)
    second.close()
    assert unused(tmp_path)


def test_a_folder_that_can_only_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir(mode=0o500)
    use = Use(folder)
    assert not unused(folder)
    use.close()
    assert list(folder.iterdir()) == []


def test_nothing_stays_open(tmp_path: Path) -> None:
    before = open_files()
    for _ in range(3):
        Use(tmp_path).close()
        assert unused(tmp_path)
    after = open_files()
    assert after == before
    with pytest.raises(FileNotFoundError):
        Use(tmp_path / "absent")
