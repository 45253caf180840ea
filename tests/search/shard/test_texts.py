"""The texts of a part: one descriptor whoever reads."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.errors import Damaged
from app.search.dataset import Dataset
from app.search.shard.index import Index, files_of
from app.search.shard.texts import Texts
from app.store.database import Database
from app.store.schema import RECORDS_FILE, SHOWN_FILE, texts_file

TEXTS = [f"text {number}" for number in range(500)]


@pytest.fixture
def texts(make_dataset: Callable[..., Dataset]) -> Texts:
    dataset = make_dataset([{"prompt": text, "response": "a"} for text in TEXTS])
    return dataset.indexes[0].texts["prompt"]


def handles(name: str) -> int:
    """The descriptors of this process that lead to a file of a name."""
    found = 0
    for each in os.listdir("/proc/self/fd"):  # noqa: PTH208 (of numbers)
        try:
            found += os.readlink(f"/proc/self/fd/{each}").endswith(name)  # noqa: PTH115
        except OSError:  # it was closed meanwhile
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no list of descriptors here")
def test_many_threads_read_by_one_descriptor(texts: Texts) -> None:
    before = handles("prompt.texts")
    together = threading.Barrier(16)

    def read(thread: int) -> list[str]:
        together.wait(20)
        return [texts.of_rows([row])[0] for row in range(thread, 500, 16)]

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(read, range(16)))
        assert handles("prompt.texts") == before
    assert found == [TEXTS[thread::16] for thread in range(16)]


def test_rows_come_in_the_order_that_they_are_asked_for(texts: Texts) -> None:
    assert texts.of_rows([499, 0, 64, 63]) == [TEXTS[row] for row in (499, 0, 64, 63)]
    assert texts.of_rows([]) == []
    assert texts.block(1).to_pylist() == TEXTS[64:128]


@pytest.mark.parametrize("file", [texts_file("prompt"), SHOWN_FILE, RECORDS_FILE])
def test_an_index_whose_rows_cannot_be_read_is_not_opened(
    own_dataset: Callable[..., Dataset], file: str
) -> None:
    dataset = own_dataset([{"prompt": "p", "response": "a"}])
    dataset.close()
    path = dataset.indexes[0].folder / file
    path.write_bytes(bytes(path.stat().st_size))
    folder = dataset.indexes[0].folder
    with (
        Database(files_of(folder), 64) as database,
        pytest.raises(Damaged, match=f"^the index is damaged in '{file}': it is built anew"),
    ):
        Index(folder, database, 30.0)
