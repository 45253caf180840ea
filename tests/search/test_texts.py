"""The texts of a part: a bounded number of descriptors whoever reads, and none once it is closed."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.errors import Failed
from app.index.chunk_words import blocks, write_texts
from app.search.shard.texts import READERS, Texts

TEXTS = [f"text {number}" for number in range(500)]


def opened(folder: Path) -> Texts:
    sizes = write_texts(folder / "x.arrow", blocks(TEXTS))
    return Texts(folder / "x.arrow", "prompt", np.cumsum([0, *sizes[:-1]]))


def handles(folder: Path) -> int:
    """The descriptors of this process that lead into a folder."""
    found = 0
    for each in os.listdir("/proc/self/fd"):
        try:
            found += os.readlink(f"/proc/self/fd/{each}").startswith(str(folder))
        except OSError:  # it was closed meanwhile
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no list of descriptors here")
def test_many_threads_read_by_a_few_descriptors(tmp_path: Path) -> None:
    texts = opened(tmp_path)
    together = threading.Barrier(16)

    def read(thread: int) -> list[str]:
        together.wait(20)
        return [texts.of_rows([row])[0] for row in range(thread, 500, 16)]

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(read, range(16)))
        assert 1 <= handles(tmp_path) <= READERS
    assert found == [TEXTS[thread::16] for thread in range(16)]
    texts.close()
    assert handles(tmp_path) == 0


def test_rows_come_in_the_order_that_they_are_asked_for(tmp_path: Path) -> None:
    texts = opened(tmp_path)
    assert texts.of_rows([499, 0, 64, 63]) == [TEXTS[row] for row in (499, 0, 64, 63)]
    assert texts.of_rows([]) == []
    assert texts.block(1).to_pylist() == TEXTS[64:128]
    texts.close()


def test_a_reader_in_use_gives_its_file_back_when_it_is_used_no_longer(tmp_path: Path) -> None:
    texts = opened(tmp_path)
    with texts._reader() as reader:
        texts.close()
        assert reader.get_batch(0).num_rows == 64
    assert handles(tmp_path) == 0


def test_a_file_that_cannot_be_read_is_a_sentence_and_leaves_no_descriptor(tmp_path: Path) -> None:
    texts = opened(tmp_path)
    (tmp_path / "x.arrow").write_bytes(b"nothing of the kind")
    for _ in range(3):
        with pytest.raises(Failed, match="the texts of the prompt cannot be read from the index"):
            texts.block(0)
    assert handles(tmp_path) == 0
