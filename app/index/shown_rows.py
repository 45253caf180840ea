"""What the list shows of each row, a line of JSON each, in small packed blocks: id, how prompt and answer
begin, how a trace ends that was cut off, how the searched prompt goes on where that is short, signals.

Read from the table of conversations, so that a value is the one that is filtered by; no signal is a number
that JSON has not.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa

from ..conversations.formats.format import ID
from ..conversations.found import Found
from ..store.blocks import Writer
from ..store.schema import SHOWN_FILE

BLOCK_ROWS = (
    8  # some 8 kB, which take 19 us to unpack; of 16 rows 24, of 4 rows 15, and 8 % more bytes
)


def write(
    connection: duckdb.DuckDBPyConnection,
    texts: Iterable[pa.Table],
    of: Mapping[str, str],
    kept: Mapping[str, Found],
    folder: Path,
) -> None:
    """Write the file of all rows. ``texts`` has what is shown of texts, ``kept`` each column's field,
    ``of`` what each holds that is no facet (see ``Layout``)."""
    signals = {column: each.name for column, each in kept.items() if each.signal is not None}
    identity = next((column for column, what in of.items() if what == ID), "")
    values = _values(connection, [identity or "null", *signals])
    head = orjson.dumps([identity, *signals.values()])
    with Writer(folder / SHOWN_FILE) as file:
        for table in texts:
            shown = zip(*(column.to_pylist() for column in table.columns), strict=True)
            lines = [
                orjson.dumps((own[0], *some, *own[1:]))
                for some, own in zip(shown, values, strict=False)
            ]
            for at in range(0, len(lines), BLOCK_ROWS):
                some = lines[at : at + BLOCK_ROWS]
                file.add(b"\n".join(some), len(some), head)


def _values(
    connection: duckdb.DuckDBPyConnection, columns: list[str]
) -> Iterator[tuple[object, ...]]:
    """Some columns of all rows in order."""
    asked = ", ".join(f"{column} as c{place}" for place, column in enumerate(columns))
    found = connection.sql(f"select {asked}\nfrom conversations\norder by row_number")
    for batch in found.to_arrow_reader(10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
