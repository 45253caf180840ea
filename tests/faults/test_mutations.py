"""Bytes of a file that are other ones: rows or a sentence, no crash, and the dataset beside it is served."""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from starlette.testclient import TestClient

from app.config import Settings
from app.library import Library
from app.main import create_app

from .. import forked

Row = dict[str, Any]
MUTANTS = 200

# Opens and reads each file in one process, which has to outlive all of them; a line of JSON each.
READ_ALL = """
import json, resource, sys
from app.conversations import fields, records, source
from app.errors import Unreadable
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))

for path in sys.argv[1:]:
    try:
        file = source.open_source(path).files[0]
        table = file.read(0, file.rows, file.layout.columns)
        lines = [records.line(record) for record in records.records(table)]
        print(json.dumps(["rows", len(lines) == file.rows]))
    except Unreadable as error:
        print(json.dumps(["refused", error.sentence]))
    except Exception as error:
        print(json.dumps(["fault", type(error).__name__ + ": " + str(error)]))
sys.exit(0)
"""


def mutated(content: bytes, number: int) -> bytes:
    """The same with a few bytes changed, or cut, by a seed."""
    rng = random.Random(number)
    made = bytearray(content)
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    for _ in range(rng.choice((1, 2, 8))):
        low = footer if number % 2 else 4
        made[rng.randrange(low, len(made))] = rng.randrange(256)
    return bytes(made[: rng.randrange(len(made))] if number % 10 == 9 else made)


def test_no_changed_byte_ends_the_process(
    tmp_path: Path, make_parquet: Callable[..., Path], rows400: list[Row]
) -> None:
    content = make_parquet(tmp_path / "whole.parquet", rows400[:40], group=20).read_bytes()
    paths = [tmp_path / f"{number}.parquet" for number in range(MUTANTS)]
    for number, path in enumerate(paths):
        path.write_bytes(mutated(content, number))
    found = forked.text(forked.run(*paths, script=READ_ALL))
    assert found.returncode == 0, found.stderr[-500:]
    said = [json.loads(line) for line in found.stdout.splitlines()]
    assert len(said) == MUTANTS
    assert [each for kind, each in said if kind == "fault"] == []
    assert all(each is True for kind, each in said if kind == "rows")
    sentences = [each for kind, each in said if kind == "refused"]
    assert MUTANTS // 4 < len(sentences) < MUTANTS
    assert all("\n" not in each and len(each) < 500 for each in sentences)


def test_pages_that_do_not_read_are_said_and_never_fewer_rows(
    tmp_path: Path, make_parquet: Callable[..., Path], rows400: list[Row]
) -> None:
    """Count and index are whole, the file's pages are not, and its size and time are what they were."""
    good = make_parquet(tmp_path / "good.parquet", rows400[:40])
    bad = tmp_path / "bad.parquet"
    pq.write_table(pa.Table.from_pylist(rows400[:40]), bad, compression="zstd", row_group_size=10)
    library = Library(Settings(data_dir=tmp_path / "data", workers=1), [str(bad), str(good)])
    library.prepare_all(lambda _: None)
    client = TestClient(create_app(library.settings, library), "http://localhost")
    before, content = bad.stat(), bytearray(bad.read_bytes())
    for group in (2, 3):
        for column in range(pq.ParquetFile(bad).metadata.num_columns):
            chunk = pq.ParquetFile(bad).metadata.row_group(group).column(column)
            start = chunk.dictionary_page_offset or chunk.data_page_offset
            content[start : start + chunk.total_compressed_size] = b"\xff" * (
                chunk.total_compressed_size
            )
    bad.write_bytes(content)
    os.utime(bad, ns=(before.st_atime_ns, before.st_mtime_ns))

    read = client.get("/datasets/bad/conversations/35")  # as it was when it was indexed
    assert (read.status_code, "c00035" in read.text) == (200, True)
    page = client.get("/datasets/bad/conversations/35/raw")
    assert page.status_code in (409, 422, 500)
    assert "cannot be read" in page.text
    assert "Traceback" not in page.text
    answer = client.get("/api/datasets/bad/conversations/35").json()
    assert answer["conversation_id"] == "c00035"
    try:
        lines = client.get("/api/datasets/bad/export.jsonl").content.splitlines()
        whole = len(lines) == 40
    except Exception:  # the connection breaks, as it has to
        whole = True
    assert whole, "an export that is cut short looks whole"
    assert client.get("/datasets/bad/conversations/5").status_code == 200
    assert client.get("/datasets/good/conversations/35").status_code == 200
    library.close()
