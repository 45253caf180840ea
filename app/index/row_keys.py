"""The files that find rows by an id, or by the digest of a long text; a row without one has no key."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from ..conversations.formats.format import ID, TEXT
from ..store import keys
from ..store.schema import keys_file

DIGITS = 2 * keys.WIDTH  # of a digest


def write(connection: duckdb.DuckDBPyConnection, of: Mapping[str, str], folder: Path) -> None:
    """Write the file of each column of ids, and of each column of digests; ``of`` says what columns hold."""
    for column, what in of.items():
        if what not in (ID, TEXT):
            continue
        texts = _texts(connection, column)
        if what == ID:
            found = [keys.NULL if each is None else keys.of_text(each) for each in texts]
        elif all(each is None or len(each) == DIGITS for each in texts):
            found = [keys.NULL if each is None else bytes.fromhex(each) for each in texts]
        else:  # some file has it as a field
            continue
        keys.write(folder / keys_file(column), found)


def _texts(connection: duckdb.DuckDBPyConnection, column: str) -> list[str | None]:
    sql = f"select {column}::varchar as value\nfrom conversations\norder by row_number"
    return [*connection.sql(sql).to_arrow_table()["value"].to_pylist()]
