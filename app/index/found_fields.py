"""The fields of a shard, from what each chunk found: joined by where they stand, named, bounded.

Knows the chunks' files and no table of the index.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations import fields as f
from ..conversations.found import Found, Parents, above, key_hash, named, place_text
from ..store.schema import literal
from . import chunk_rows


def found_fields(
    connection: duckdb.DuckDBPyConnection, folder: Path, chunks: Sequence[int], turns: Sequence[str]
) -> list[Found]:
    """The fields of all chunks, in the order in which they first appear, named; ``turns`` are columns
    that some file has its turns in, and are told otherwise."""
    parents = Parents()
    for number in chunks:
        told, schema = _told(folder, number)
        for place, (origin, path, held, many) in enumerate(told):
            each = parents.field((origin, path), many)
            if each is not None:
                each.types.add(schema.field(f"f{place}").type)
                each.numbers.add(held)
                each.columns[number] = f"f{place}"
    if parents.many:
        _count_keys(connection, folder, chunks, parents)
    return named(parents.fields.values(), turns)


def _told(folder: Path, number: int) -> tuple[list[tuple[str, f.Path, str, bool]], pa.Schema]:
    schema = pq.read_schema(chunk_rows.path(folder, number))
    told = orjson.loads(schema.metadata[b"fields"])
    return [(origin, tuple(path), held, many) for origin, path, held, many in told], schema


def _count_keys(
    connection: duckdb.DuckDBPyConnection, folder: Path, chunks: Sequence[int], parents: Parents
) -> None:
    """Keep the different keys of the parents that have too many, each chunk's by their hashes, and count
    them."""
    joined = {each.place: each for each in parents.fields.values() if each.place in parents.many}
    for number in chunks:
        few: set[tuple[str, int]] = set()
        told, _ = _told(folder, number)
        for column, (origin, path, _, many) in enumerate(told):
            place = (origin, path)
            few |= {
                (place_text(parent), key_hash(path[len(parent[1])]))
                for parent in above(place)
                if parent in joined
            }
            if many and place in joined:
                file = literal(str(chunk_rows.path(folder, number)))
                connection.execute(
                    f"insert into keys select $parent, unnest(f{column}) from read_parquet({file})",
                    {"parent": place_text(place)},
                )
        if few:
            parent, hashes = zip(*few, strict=True)
            rows = [pa.array(parent, pa.string()), pa.array(hashes, pa.uint64())]
            connection.register("few", pa.table(rows, ["parent", "hash"]))
            connection.execute("insert into keys select parent, hash from few")
            connection.unregister("few")
    connection.execute("create temp table seen as select distinct parent, hash from keys")
    connection.execute("delete from keys")
    connection.execute("insert into keys select * from seen where hash is not null order by all")
    connection.execute("drop table seen")
    counted = "select parent, count(*) from keys group by parent"
    counts = dict(connection.execute(counted).fetchall())
    for place, each in joined.items():
        each.keys = counts.get(place_text(place), 0)
