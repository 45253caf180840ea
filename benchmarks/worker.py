"""One system beside Thinklens, in a process and an environment of its own: built, then asked.

    python worker.py SYSTEM FOLDER build DATA     builds its index there, tells size and time as JSON
    python worker.py SYSTEM FOLDER ask            answers a JSON line for each on standard input

SYSTEM is fts, FTS5, tantivy or scan. Imports nothing of the project: it runs where that is not
installed. No system has stop words or stemming here, and all cut words alike, but for tantivy: its tokenizer
takes `_` for a space.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

TOP = 25
Found = tuple[int, list[int]]


class Clock:
    """Seconds from its making on: by the clock, and of the processor, of all threads."""

    def __init__(self) -> None:
        self.start, self.before = time.perf_counter(), time.process_time()

    def told(self) -> dict[str, float]:
        return {
            "seconds": time.perf_counter() - self.start,
            "processor": time.process_time() - self.before,
        }


def prompts(data: str) -> str:
    """The statement that gives all prompts with their rows."""
    return f"select row_number() over () - 1 as row, prompt from read_parquet('{data}')"


class Scan:
    """DuckDB alone: a table of prompts, read from end to end."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "scan.duckdb"

    def build(self, data: str) -> dict[str, Any]:
        with duckdb.connect(str(self.path)) as connection:
            connection.execute(f"create table docs as {prompts(data)}")
        return {"bytes": self.path.stat().st_size}

    def open(self) -> None:
        self.connection = duckdb.connect(str(self.path), read_only=True)

    def search(self, given: dict[str, Any]) -> Found:
        regex = "regex" in given
        match = "regexp_matches(prompt, $1)" if regex else "contains(lower(prompt), $1)"
        sql = f"select count(*), list(row order by row)[:{TOP}] from docs where {match}"
        pattern = given["regex"] if regex else given["text"].lower()
        found = self.connection.execute(sql, [pattern]).fetchone()
        assert found is not None
        return int(found[0]), list(found[1] or [])


class Fts:
    """DuckDB's own full-text extension."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "fts.duckdb"

    def _connect(self, read_only: bool) -> duckdb.DuckDBPyConnection:
        import duckdb_extension_fts

        connection = duckdb.connect(str(self.path), read_only=read_only)
        base = Path(str(duckdb_extension_fts.__file__)).parent
        file = next(base.rglob("fts.duckdb_extension"))
        connection.execute(f"load '{file}'")
        return connection

    def build(self, data: str) -> dict[str, Any]:
        with self._connect(False) as connection:
            connection.execute(f"create table docs as {prompts(data)}")
            connection.execute("checkpoint")
            before, clock = self.path.stat().st_size, Clock()
            connection.execute(
                "pragma create_fts_index('docs', 'row', 'prompt', stemmer='none', stopwords='none',"
                " ignore='[^\\p{L}\\p{M}\\p{N}_]+', strip_accents=0, lower=1)"
            )
            connection.execute("checkpoint")
        return {**clock.told(), "bytes": self.path.stat().st_size - before}

    def open(self) -> None:
        self.connection = self._connect(True)

    def search(self, given: dict[str, Any]) -> Found:
        sql = (
            "with scored as (select row, fts_main_docs.match_bm25(row, $1, conjunctive := 1) as score"
            " from docs), found as materialized (select * from scored where score is not null)"
            " select (select count(*) from found), row, score from found"
            f" order by score desc, row limit {TOP}"
        )
        rows = self.connection.execute(sql, [given["words"]]).fetchall()
        return (int(rows[0][0]) if rows else 0), [row for _, row, _ in rows]


class Fts5:
    """SQLite's full text, in the very file that Datasette serves."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "main.db"

    def build(self, data: str) -> dict[str, Any]:
        with sqlite3.connect(self.path) as connection:
            facets = self._load(connection, data)
            before, clock = self._size(connection), Clock()
            connection.execute(
                'create virtual table search using fts5(prompt, content="conversations",'
                " tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
            )
            connection.execute(
                "insert into search(rowid, prompt) select rowid, prompt from conversations"
            )
            connection.commit()
            told = clock.told()
            size = self._size(connection) - before
        return {**told, "bytes": size, "facets": facets}

    def _size(self, connection: sqlite3.Connection) -> int:
        pages, page = (
            connection.execute(f"pragma {name}").fetchone()[0]
            for name in ("page_count", "page_size")
        )
        return int(pages * page)

    def _load(self, connection: sqlite3.Connection, data: str) -> list[str]:
        """All rows, short columns first; gives the two columns to count facets of."""
        reader = duckdb.connect()
        columns = sorted(
            self._columns(reader, data), key=lambda each: each[0] in ("prompt", "response")
        )
        names = [name for name, _ in columns]
        connection.execute("pragma journal_mode = off")
        connection.execute("pragma synchronous = off")
        connection.execute(f"create table conversations ({', '.join(quoted(n) for n in names)})")
        marks = ", ".join("?" for _ in names)
        parts = ", ".join(sql for _, sql in columns)
        reader.execute(f"select row_number() over (), {parts} from read_parquet('{data}')")
        while rows := reader.fetchmany(2_000):
            connection.executemany(
                f"insert into conversations(rowid, {', '.join(map(quoted, names))})"
                f" values (?, {marks})",
                rows,
            )
        connection.commit()
        short = [name for name in names if name not in ("prompt", "response", "conversation_id")]
        counts = {name: _distinct(connection, name) for name in short}
        return sorted((n for n in short if counts[n] > 1), key=lambda n: counts[n])[:2]

    def _columns(self, reader: duckdb.DuckDBPyConnection, data: str) -> Iterator[tuple[str, str]]:
        """Columns that a table can hold, with the SQL for each: scalars, and metadata's members."""
        described = reader.execute(f"describe select * from read_parquet('{data}')").fetchall()
        for name, kind, *_ in described:
            if kind.startswith("STRUCT") and not kind.endswith("[]"):
                members = reader.execute(
                    f"describe select unnest({quoted(name)}) from read_parquet('{data}')"
                ).fetchall()
                for member, inner, *_ in members:
                    if "(" not in inner and not inner.endswith("[]"):
                        yield f"{name}_{member}", f"{quoted(name)}.{quoted(member)}"
            elif "(" not in kind and not kind.endswith("[]"):
                yield name, quoted(name)

    def open(self) -> None:
        self.connection = sqlite3.connect(f"file:{self.path}?immutable=1", uri=True)

    def search(self, given: dict[str, Any]) -> Found:
        match = " ".join(f'"{word}"' for word in given["words"].split())
        where = "from search where search match ?"
        total = self.connection.execute(f"select count(*) {where}", [match]).fetchone()[0]
        sql = f"select rowid, bm25(search) {where} order by rank limit {TOP}"
        return total, [row - 1 for row, _ in self.connection.execute(sql, [match])]


def quoted(name: str) -> str:
    """A column's name inside a statement."""
    return '"' + name.replace('"', '""') + '"'


def _distinct(connection: sqlite3.Connection, name: str) -> int:
    sql = f"select count(distinct {quoted(name)}) from conversations"
    return int(connection.execute(sql).fetchone()[0])


class Tantivy:
    """tantivy through its own Python package."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tantivy"

    def build(self, data: str) -> dict[str, Any]:
        import tantivy

        self.path.mkdir()
        clock = Clock()
        schema = (
            tantivy.SchemaBuilder().add_text_field("prompt").add_integer_field("row", stored=True)
        )
        index = tantivy.Index(schema.build(), path=str(self.path))
        writer = index.writer(heap_size=256_000_000)
        reader = duckdb.connect()
        reader.execute(prompts(data))
        while rows := reader.fetchmany(2_000):
            for row, prompt in rows:
                writer.add_document(tantivy.Document(row=row, prompt=prompt or ""))
        writer.commit()
        writer.wait_merging_threads()
        told = clock.told()
        return {**told, "bytes": sum(file.stat().st_size for file in self.path.iterdir())}

    def open(self) -> None:
        import tantivy

        self.index = tantivy.Index.open(str(self.path))
        self.index.reload()
        self.searcher = self.index.searcher()

    def search(self, given: dict[str, Any]) -> Found:
        query = self.index.parse_query(" AND ".join(given["words"].split()), ["prompt"])
        found = self.searcher.search(query, TOP, count=True)
        return found.count, [self.searcher.doc(place)["row"][0] for _, place in found.hits]


# each fills its folder, opens it, and gives the total and the first rows of a search
SYSTEMS: dict[str, type[Any]] = {"fts": Fts, "FTS5": Fts5, "tantivy": Tantivy, "scan": Scan}


def main() -> None:
    """Build or ask, as the arguments say."""
    system = SYSTEMS[sys.argv[1]](Path(sys.argv[2]))
    if sys.argv[3] == "build":
        print(json.dumps(system.build(sys.argv[4])))
        return
    system.open()
    for line in sys.stdin:
        given, clock = json.loads(line), Clock()
        total, rows = system.search(given)
        print(json.dumps({**clock.told(), "total": total, "rows": rows}), flush=True)


if __name__ == "__main__":
    main()
