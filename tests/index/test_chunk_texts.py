"""The texts of chunks: written, read, and put together as they are."""

from itertools import pairwise
from pathlib import Path

import pytest

from app.index import chunk_texts
from app.store import text_blocks
from app.store.blocks import Blocks
from app.store.schema import texts_file

TEXTS = [
    *(f"text {n} " * (n % 9) for n in range(150)),
    "x" * 500,
    "",
    "\ud7ff\ue000 \0 \r\n",
    "last",
]


@pytest.mark.parametrize("rows", [1, 4, 64])
@pytest.mark.parametrize("cuts", [(), (64, 65, 130), (1,)])
def test_texts_of_chunks_become_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, cuts: tuple[int, ...]
) -> None:
    monkeypatch.setattr(text_blocks, "BLOCK_ROWS", rows)
    edges = [*pairwise([0, *cuts, len(TEXTS)])]
    for number, (start, stop) in enumerate(edges):
        chunk_texts.write(tmp_path, "answer", number, TEXTS[start:stop])
        assert chunk_texts.read(tmp_path, "answer", number) == TEXTS[start:stop]
    before = sorted(tmp_path.iterdir())
    assert before == [chunk_texts.path(tmp_path, "answer", n) for n in range(len(edges))]
    (tmp_path / "out").mkdir()
    chunk_texts.gather(tmp_path, "answer", range(len(edges)), tmp_path / "out")
    path = tmp_path / "out" / texts_file("answer")
    assert chunk_texts.read(tmp_path, "answer", 99) is None
    for first, size in ((0, 1), (3, 70), (63, 2), (64, 1), (0, len(TEXTS)), (len(TEXTS) - 1, 1)):
        some = chunk_texts.published(tmp_path / "out", "answer", first, size)
        assert some == TEXTS[first : first + size]
    found = Blocks(lambda: path.open("rb"), text_blocks.unpacked, lambda: None)
    blocks = [found.block(number).to_pylist() for number in range(found.table.blocks)]
    assert [text for block in blocks for text in block] == TEXTS
    assert max(map(len, blocks)) == rows
    assert [found.at(row)[0][found.at(row)[1]].as_py() for row in (0, 64, 153)] == [
        TEXTS[row] for row in (0, 64, 153)
    ]
