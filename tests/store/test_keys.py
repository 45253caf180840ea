"""Files of sorted keys: the rows of a key are found, and of no other."""

from hashlib import md5
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.store import keys

SMALL = st.lists(st.sampled_from([keys.NULL, bytes(15) + b"\1", b"\1" + bytes(15), b"\xff" * 16]))


def rows_of(path: Path, key: bytes) -> list[int]:
    found: list[int] = keys.rows_of(lambda: path.open("rb"), key).tolist()
    return found


@settings(max_examples=60, deadline=None)
@given(SMALL)
def test_the_rows_of_a_key(tmp_path_factory, made: list[bytes]) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("keys") / "f0.keys"
    keys.write(path, made)
    for key in {*made, keys.NULL, b"\x80" + bytes(15)}:
        assert rows_of(path, key) == [row for row, each in enumerate(made) if each == key]


def test_texts_by_their_keys(tmp_path: Path) -> None:
    texts = [f"text {number % 700}" for number in range(1_000)]
    keys.write(tmp_path / "a.keys", [keys.of_text(text) for text in texts])
    assert rows_of(tmp_path / "a.keys", keys.of_text("text 5")) == [5, 705]
    assert rows_of(tmp_path / "a.keys", keys.of_text("text 699")) == [699]
    assert rows_of(tmp_path / "a.keys", keys.of_text("Text 5")) == []
    assert (tmp_path / "a.keys").stat().st_size == 20_000


def test_a_key_takes_sixteen_bytes() -> None:
    assert len(keys.of_text("")) == keys.WIDTH == len(md5(b"", usedforsecurity=False).digest())
    assert keys.of_text("a") != keys.of_text("b")
