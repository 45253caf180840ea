"""Arrays in one file: what was written comes back, and only that is read."""

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from app.errors import Failed
from app.store.arrays import Arrays, Codes, Writer

NUMBERS: list[Codes] = [
    np.array([0, 255], np.uint8),
    np.array([65_535], np.uint16),
    np.array([1, 2**32 - 1, 3], np.uint32),
    np.array([], np.uint8),
]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    with Writer(path) as writer:
        for place, each in enumerate(NUMBERS):
            writer.numbers(f"n{place}", each)
            writer.values(f"v{place}", pa.array(["ä", None, str(place)]))
    arrays = Arrays(lambda: path.open("rb", buffering=0))
    for place, each in enumerate(NUMBERS):
        found = arrays.numbers(f"n{place}")
        assert (found.dtype, found.tolist()) == (each.dtype, each.tolist())
        assert arrays.count(f"n{place}") == len(each)
        assert arrays.values(f"v{place}").to_pylist() == ["ä", None, str(place)]
        assert arrays.count(f"v{place}") == 3
    with pytest.raises(KeyError):
        arrays.numbers("n9")


@pytest.mark.parametrize(
    ("values", "size"),
    [(np.zeros(60_000, np.uint16), 100), (np.arange(60_000) % 3, 20_000)],
)
def test_what_repeats_is_packed(tmp_path: Path, values: npt.NDArray[np.int64], size: int) -> None:
    path = tmp_path / "arrays"
    kinds: list[Codes] = [
        values.astype(np.uint8),
        values.astype(np.uint16),
        values.astype(np.uint32),
    ]
    for each in kinds:
        with Writer(path) as writer:
            writer.numbers("n", each)
        assert path.stat().st_size < size
        found = Arrays(lambda: path.open("rb", buffering=0)).numbers("n")
        assert found.dtype == each.dtype
        assert np.array_equal(found, values)


def test_what_hardly_repeats_is_not_packed(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    values = np.random.default_rng(1).integers(0, 256, 10_000).astype(np.uint8)
    with Writer(path) as writer:
        writer.numbers("n", values)
    assert path.read_bytes()[:10_000] == values.tobytes()
    assert np.array_equal(Arrays(lambda: path.open("rb", buffering=0)).numbers("n"), values)


def test_what_is_not_asked_for_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    with Writer(path) as writer:
        writer.numbers("large", np.zeros(10_000, np.uint8))
        writer.numbers("small", np.array([7], np.uint8))
    read: list[int] = []

    class Counting(io.FileIO):
        def read(self, size: int | None = -1) -> bytes:
            read.append(size or 0)
            return super().read(size) or b""

    arrays = Arrays(lambda: Counting(str(path)))
    assert arrays.numbers("small").tolist() == [7]
    assert sum(read) < 200


def test_a_fault_leaves_no_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "arrays"

    def broken() -> None:
        with Writer(path) as writer:
            writer.numbers("n", np.array([7], np.uint8))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert path.read_bytes() == b"\x07"


def test_what_cannot_be_read_is_looked_at(tmp_path: Path) -> None:
    """Whoever examines may know more; else it is said that it cannot be read."""
    path = tmp_path / "arrays"
    with Writer(path) as writer:
        writer.numbers("n", np.zeros(10_000, np.uint8))
        writer.values("v", pa.array(["a" * 50, "b"]))
    content = bytearray(path.read_bytes())
    sizes = Arrays(lambda: path.open("rb"))._told
    for _, start, size, _ in sizes.values():
        content[start : start + size] = b"\xff" * size
    path.write_bytes(content)
    seen: list[str] = []
    arrays = Arrays(lambda: path.open("rb"), lambda: seen.append("examined"))
    for read, name in ((arrays.numbers, "n"), (arrays.values, "v")):
        with pytest.raises(Failed, match="cannot be read from the index"):
            read(name)
    assert seen == ["examined", "examined"]
