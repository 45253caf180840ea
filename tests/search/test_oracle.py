"""Search, filters, sorts, facets, paging and neighbours against brute force over plain rows.

``World`` makes rows whose every field is known by construction, with its kind; ``Oracle`` answers
queries over them from the words of the specification alone, without a line of the program (but for
the signals of meaning, which it takes as they are).
"""

import json
import math
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cmp_to_key, partial
from operator import eq
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.conversations import formats, signals
from app.errors import NotFound
from app.search import query as queries
from app.search.dataset import Dataset, Facet
from app.search.query import Query

UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007),
    (0x3021, 0x3029), (0x3031, 0x3035), (0x3038, 0x303B), (0x3040, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip

Predicate = Callable[[Any], bool]


def norm(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> list[str]:
    """Runs of L, M, N and _; a character of a script without spaces is a word of its own."""
    found: list[str] = []
    run = ""
    for char in norm(text):
        wordy = char == "_" or unicodedata.category(char)[0] in "LMN"
        alone = any(low <= ord(char) <= high for low, high in UNSPACED)
        if wordy and not alone:
            run += char
            continue
        if run:
            found.append(run)
        run = ""
        if wordy:
            found.append(char)
    return [*found, run] if run else found


# ---------------------------------------------------------------------------------------- rows


@dataclass
class Column:
    """A field as the specification sees it: its kind and a value a row."""

    kind: str
    values: list[Any]


@dataclass
class World:
    """Rows as an Arrow table in some layout, and all that is known of them."""

    tables: list[pa.Table]
    prompts: list[str]
    ids: list[str | None]
    columns: dict[str, Column]
    group: int = 7

    @property
    def rows(self) -> int:
        return len(self.prompts)


PIECES = (  # noqa: SIM905
    "hello HELLO world Straße STRASSE strasse привет ПРИВЕТ 你好 東京タワー 80円のDNA 한국어 हिन्दी ไทย 42 "
    "3.14 C++ don't the of a I _x naïve cafe\u0301 café ﬁne fine x² ½ İz foo.bar() مرحبا 😀 e\u0301 \u0301 "
    "ǅ Σίσυφος ΣΊΣΥΦΟΣ \u200b a\u00adb ... --- 𝐇𝐢 ⅷ 々"
).split()
KINDS_OF_TEXT = (
    "null", "NULL", "", '"', '""', '"quoted"', 'say "hi"', "a..b", ">5", ">=5", "<1", "-x", "true",
    "a:b", " padded ", "привет", "你好", "Z", "a", "é", "e\u0301", "\U0001f600", "\ufffd", "tab\there",
    "\x1b[31m", "'; drop table conversations; --", "line\nfeed", "%", "_", "\\", "$v0", "{}", "[]",
)  # fmt: skip
RESPONSES = (
    ("complete", "<think>\n{r}\n</think>\n\n{a}", 1, 1),
    ("unclosed", "<think>\n{r}", 1, 0),
    ("unopened", "{r}\n</think>\n\n{a}", 1, 1),
    ("empty", "<think>\n\n</think>\n\n{a}", 0, 1),
    ("none", "{a}", 0, 1),
)


def some_text(rng: random.Random, most: int) -> str:
    pieces = [rng.choice(PIECES) for _ in range(rng.randint(0, most))]
    return "".join(piece + rng.choice(" \n,.;/ \u3000!?") for piece in pieces)


def conversation_columns(
    rng: random.Random, rows: int
) -> tuple[dict[str, list[Any]], dict[str, Column]]:
    """Prompts and responses, and the signals that follow from how they were made."""
    prompts = [some_text(rng, 10) for _ in range(rows)]
    for row in range(rows):
        if rng.random() < 0.15:
            prompts[row] = prompts[rng.randrange(rows)]
        if rng.random() < 0.05:
            prompts[row] = ""
    texts: dict[str, list[Any]] = {"prompt": prompts, "response": []}
    traces, counts = [], []
    for _ in range(rows):
        trace, template, has_reasoning, has_answer = rng.choice(RESPONSES)
        reasoning, answer = some_text(rng, 8) + " r", some_text(rng, 8) + " a"
        texts["response"].append(template.format(r=reasoning, a=answer))
        traces.append(trace)
        counts.append((len(words(reasoning)) * has_reasoning, len(words(answer)) * has_answer))
    shares = [r / (r + a) if r + a else None for r, a in counts]
    return texts, {
        "turns": Column("integer", [1] * rows),
        "prompt_words": Column("integer", [len(words(prompt)) for prompt in prompts]),
        "reasoning_words": Column("integer", [r for r, _ in counts]),
        "answer_words": Column("integer", [a for _, a in counts]),
        "reasoning_share": Column("number", shares),
        "trace": Column("text", traces),
        **signals_of_meaning(texts),
    }  # fmt: skip


def signals_of_meaning(texts: dict[str, list[Any]]) -> dict[str, Column]:
    """Those whose rules have tests of their own: here it matters how they are kept and asked."""
    rows = [dict(zip(texts, values, strict=True)) for values in zip(*texts.values(), strict=True)]
    many = [formats.conversation(row) for row in rows]
    found = signals.compute(many, signals.counted(many), [None] * len(many))
    kinds = {"repetition": "number", "language": "text"}
    names = ("repetition", "refusal", "language", "has_code", "has_math")
    return {name: Column(kinds.get(name, "boolean"), found[name].to_pylist()) for name in names}


def disagreement(flags: Sequence[bool | None], responses: Sequence[str]) -> Column:
    found = [
        None if flag is None else flag != ("</think>" in text)
        for flag, text in zip(flags, responses, strict=True)
    ]
    return Column("boolean", found)


def picked(rng: random.Random, rows: int, *choices: Any, nulls: float = 0.2) -> list[Any]:
    return [None if rng.random() < nulls else rng.choice(choices) for _ in range(rows)]


def metadata_columns(rng: random.Random, rows: int) -> dict[str, tuple[pa.DataType, Column]]:
    """Leaves of the metadata struct by key (a nested one with its path), typed."""
    special = (math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1e300, 0.1, 2.5, -7.25)
    wide = (2**53, 2**53 + 1, 2**62, -(2**62), 0, 7)
    day = date(2024, 2, 27)
    days = [day + timedelta(days=n) for n in range(5)]
    start = datetime(2023, 12, 31, 23, 59, 59)
    moments = [start + timedelta(seconds=s) for s in (0, 1, 1.5, 86_400, 40_000_000)]
    lists: tuple[list[str | None], ...] = (
        [],
        ["a"],
        ["a", "b", "a"],
        ["null"],
        ["x:y", ""],
        [None],
        ["b", None],
    )
    columns: dict[str, tuple[pa.DataType, Column]] = {
        "is_complete": (pa.bool_(), Column("boolean", picked(rng, rows, True, False))),
        "n": (pa.int64(), Column("integer", picked(rng, rows, *range(-3, 9), 1_000))),
        "wide": (pa.int64(), Column("integer", picked(rng, rows, *wide))),
        "same": (pa.int64(), Column("integer", [1_234_567_890_123_457] * rows)),
        "x": (pa.float64(), Column("number", picked(rng, rows, *special))),
        "unit": (pa.float64(), Column("number", [rng.random() for _ in range(rows)])),
        "price": (
            pa.decimal128(10, 2),
            Column(
                "number", picked(rng, rows, Decimal("0.10"), Decimal("-3.25"), Decimal("12345.67"))
            ),
        ),
        "day": (pa.date32(), Column("date", picked(rng, rows, *days))),
        "at": (pa.timestamp("us"), Column("date", picked(rng, rows, *moments))),
        "zoned": (pa.timestamp("us", "Europe/Berlin"), Column("date", picked(rng, rows, *moments))),
        "kind": (pa.string(), Column("text", picked(rng, rows, *KINDS_OF_TEXT))),
        "tags": (pa.list_(pa.string()), Column("list", picked(rng, rows, *lists))),
        "levels": (
            pa.list_(pa.int64()),
            Column("list", picked(rng, rows, [1, 2], [2], [], [3, 3])),
        ),
        "a.b": (pa.int64(), Column("integer", picked(rng, rows, 1, 2, 3))),
        "c:d": (pa.string(), Column("text", picked(rng, rows, "one", "two"))),
        "e f": (pa.string(), Column("text", picked(rng, rows, "one", "two"))),
        'q"t': (pa.string(), Column("text", picked(rng, rows, "one", "two"))),
        "nothing": (pa.string(), Column("text", [None] * rows)),
        "long": (pa.string(), Column("text", picked(rng, rows, "l" * 201, "m" * 300, "short"))),
    }
    return columns


def key_name(key: str) -> str:
    plain = not any(char in key for char in '.: "')
    return f"metadata.{key}" if plain else 'metadata."' + key.replace('"', '""') + '"'


def arrow(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(kind) and kind.tz:
        values = [None if value is None else value.replace(tzinfo=UTC) for value in values]
    return pa.array(values, kind)


def struct_world(rng: random.Random, rows: int) -> World:
    """Metadata as a typed struct with a nested one, and columns beside it."""
    texts, columns = conversation_columns(rng, rows)
    made = metadata_columns(rng, rows)
    deep = picked(rng, rows, 1, 2)
    nested = pa.StructArray.from_arrays([pa.array(deep, pa.int64())], ["deep"])
    names = [*made, "nested"]
    metadata = pa.StructArray.from_arrays(
        [*(arrow(column.values, kind) for kind, column in made.values()), nested], names
    )
    turns = picked(rng, rows, "few", "many")  # a column that is called like a signal
    ids = picked(rng, rows, *(f"id:{n}" for n in range(rows)), nulls=0.1)
    table = pa.table(
        {
            "conversation_id": pa.array(ids, pa.string()),
            **{name: pa.array(values, pa.string()) for name, values in texts.items()},
            "metadata": metadata,
            "turns": pa.array(turns, pa.string()),
        }
    )
    columns |= {key_name(key): column for key, (_, column) in made.items()}
    columns["metadata.nested.deep"] = Column("integer", deep)
    columns["source.turns"] = Column("text", turns)
    columns["flag_disagrees"] = disagreement(made["is_complete"][1].values, texts["response"])
    cut = rng.randint(0, rows)
    tables = [part for part in (table.slice(0, cut), table.slice(cut)) if len(part)]
    return World(tables, texts["prompt"], ids, columns)


def json_world(rng: random.Random, rows: int) -> World:
    """Metadata as JSON text, some of which does not parse; several files."""
    texts, columns = conversation_columns(rng, rows)
    leaves = {
        "complete": Column("boolean", picked(rng, rows, True, False)),
        "n": Column("integer", picked(rng, rows, 1, 2, 30)),
        "x": Column("number", picked(rng, rows, 0.5, 1.25, -2.75)),
        "kind": Column("text", picked(rng, rows, *KINDS_OF_TEXT)),
        "tags": Column("list", picked(rng, rows, ["a"], ["a", "b"], ["ü", "a b"])),
    }
    for column in leaves.values():  # types are told from rows: the first has all of them
        column.values[0] = next((v for v in column.values if v is not None), None)
    written: list[str | None] = []
    for row in range(rows):
        value = {key: column.values[row] for key, column in leaves.items()}
        text: str | None = json.dumps(value, ensure_ascii=rng.random() < 0.5)
        if row % 7 == 6 and rng.random() < 0.6:
            text = rng.choice([None, "{broken", "[1]", "7"])
            for column in leaves.values():
                column.values[row] = None
        written.append(text)
    ids = [f"j{row}" for row in range(rows)]
    table = pa.table(
        {
            "conversation_id": pa.array(ids, pa.string()),
            **{name: pa.array(values, pa.string()) for name, values in texts.items()},
            "metadata": pa.array(written, pa.string()),
        }
    )
    columns |= {
        key_name(key): column
        for key, column in leaves.items()
        if any(value is not None for value in column.values)
    }
    columns["flag_disagrees"] = disagreement(leaves["complete"].values, texts["response"])
    return World([table], texts["prompt"], list(ids), columns, group=1_000)


# -------------------------------------------------------------------------------------- queries


@dataclass(frozen=True)
class Condition:
    """A filter as text, and what it means for a value that is not null."""

    name: str
    text: str
    test: Predicate
    compares: bool = False
    exclude: bool = False


@dataclass
class Request:
    """A query as pairs, and the conditions that its filters stand for."""

    q: str = ""
    conditions: list[Condition] = field(default_factory=list)
    sort: str = ""
    page: int = 1
    size: int = 10

    @property
    def pairs(self) -> list[tuple[str, str]]:
        filters = [("filter", each.text) for each in self.conditions]
        given = [("q", self.q), *filters, ("sort", self.sort)]
        return [*given, ("page", str(self.page)), ("size", str(self.size))]


def is_null(value: Any) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def condition(rng: random.Random, name: str, column: Column) -> Condition:
    exclude = rng.random() < 0.3
    text, test, compares = _meaning(rng, column)
    return Condition(name, f"{'-' if exclude else ''}{name}:{text}", test, compares, exclude)


def _meaning(rng: random.Random, column: Column) -> tuple[str, Predicate, bool]:
    present = [value for value in column.values if not is_null(value)]
    if rng.random() < 0.12 or not present:
        return "null", is_null, False
    value = rng.choice(present)
    if column.kind == "boolean":
        return (
            rng.choice([str(value), str(value).lower(), str(value).upper()]),
            partial(eq, value),
            False,
        )
    if column.kind == "text":
        return _quoted(rng, value), partial(eq, value), False
    if column.kind == "list":
        return _element(rng, value)
    if column.kind == "date":
        return _dates(rng, value, rng.choice(present))
    return _numbers(rng, value, rng.choice(present))


def _quoted(rng: random.Random, value: str) -> str:
    must = value == "null" or value == "" or (value[0] == value[-1] == '"')
    return '"' + value.replace('"', '""') + '"' if must or rng.random() < 0.3 else value


def _element(rng: random.Random, value: list[Any]) -> tuple[str, Predicate, bool]:
    elements = [each for each in value if each is not None]
    if not elements:
        return "null", is_null, False
    wanted = rng.choice(elements)
    if isinstance(wanted, int):
        return str(wanted), lambda held: held is not None and wanted in held, False
    return _quoted(rng, wanted), lambda held: held is not None and wanted in held, False


def _plain(value: Any) -> str:
    return str(value) if not isinstance(value, float) else repr(value)


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
}


def _numbers(rng: random.Random, value: Any, other: Any) -> tuple[str, Predicate, bool]:
    low, high = min(value, other), max(value, other)
    form = rng.randrange(5)
    if form == 0:
        return _plain(value), lambda held: not is_null(held) and held == value, False
    if form == 1:
        return (
            f"{_plain(low)}..{_plain(high)}",
            lambda h: not is_null(h) and low <= h <= high,
            False,
        )
    if form == 2:
        return f"{_plain(low)}..", lambda held: not is_null(held) and held >= low, False
    if form == 3:
        return f"..{_plain(high)}", lambda held: not is_null(held) and held <= high, False
    sign = rng.choice(list(COMPARE))
    return sign + _plain(value), lambda h: not is_null(h) and COMPARE[sign](h, value), True


def as_moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())


def _dates(rng: random.Random, value: Any, other: Any) -> tuple[str, Predicate, bool]:
    """Days and moments; a day is all of it."""
    first, last = sorted((as_moment(value), as_moment(other)))
    if rng.random() < 0.5:
        first_text, last_text = first.isoformat(), last.isoformat()
        first_end = first
    else:
        first, last = (datetime.combine(each, datetime.min.time()) for each in (first, last))
        first_text, last_text = str(first.date()), str(last.date())
        day = timedelta(days=1, microseconds=-1)
        first_end, last = first + day, last + day

    def within(low: datetime | None, high: datetime | None) -> Predicate:
        return lambda held: (
            held is not None
            and (low is None or as_moment(held) >= low)
            and (high is None or as_moment(held) <= high)
        )

    form = rng.randrange(5)
    if form == 0:
        return first_text, within(first, first_end), False
    if form == 1:
        return f"{first_text}..{last_text}", within(first, last), False
    if form == 2:
        return f"{first_text}..", within(first, None), False
    if form == 3:
        return f"..{last_text}", within(None, last), False
    sign = rng.choice(list(COMPARE))
    edge = first if sign in (">=", "<") else first_end
    return sign + first_text, lambda h: h is not None and COMPARE[sign](as_moment(h), edge), True


def word_items(world: World) -> list[str]:
    """Items that are one word: of the prompts, as typed and as indexed, and some that are nowhere."""
    raw = {item for prompt in world.prompts for item in prompt.split()} | set(PIECES)
    typed = {item for item in raw if is_one_word(item)}
    indexed = {word for prompt in world.prompts for word in words(prompt) if is_one_word(word)}
    return sorted(typed | indexed | {"absent", "zzz"})


def is_one_word(item: str) -> bool:
    kept = item.rstrip(",.;:?!") if words(item) else item
    return words(item) == [norm(kept)] and norm(kept) != "" and not item.startswith("-")


def request(rng: random.Random, world: World, items: Sequence[str]) -> Request:
    made = Request(size=rng.choice([10, 10, 17, 100]))
    if rng.random() < 0.6:
        typed = [
            rng.choice(items) + rng.choice(["", "", ",", "?!"]) for _ in range(rng.randint(1, 3))
        ]
        made.q = "  ".join(each for each in typed if is_one_word(each))
    for _ in range(rng.choice([0, 0, 1, 1, 2, 4])):
        name = rng.choice(list(world.columns))
        if made.conditions and rng.random() < 0.4:
            name = rng.choice(made.conditions).name
        made.conditions.append(condition(rng, name, world.columns[name]))
    sortable = [
        name
        for name, column in world.columns.items()
        if column.kind != "list" and max((len(str(v)) for v in column.values), default=0) <= 200
    ]
    made.sort = rng.choice(
        ["", "row", "relevance", *(f"{sign}{rng.choice(sortable)}" for sign in ("", "-", "", "-"))]
    )
    return made


# --------------------------------------------------------------------------------------- oracle


@dataclass
class Oracle:
    """Answers by looking at every row."""

    world: World

    def __post_init__(self) -> None:
        self.tokens = [words(prompt) for prompt in self.world.prompts]
        lengths = [len(tokens) for tokens in self.tokens]
        self.collection = sum(length > 0 for length in lengths)
        self.total_words = sum(lengths)
        self.frequencies = Counter(word for tokens in self.tokens for word in set(tokens))

    def terms(self, q: str) -> list[str]:
        return list(dict.fromkeys(words(item)[0] for item in q.split()))

    def score(self, row: int, terms: Sequence[str]) -> int | None:
        if not terms:
            return None
        mean = self.total_words / self.collection
        total = 0
        for word in terms:
            df, tf = self.frequencies[word], self.tokens[row].count(word)
            idf = math.log(1 + (self.collection - df + 0.5) / (df + 0.5))
            length = len(self.tokens[row])
            x = 1_000_000 * idf * tf * (1.2 + 1) / (tf + 1.2 * (1 - 0.75 + 0.75 * length / mean))
            total += math.floor(x + 0.5)
        return total

    def held(self, name: str, row: int) -> Any:
        return self.world.columns[name].values[row]

    def matches(self, row: int, asked: Request, but: str = "") -> bool:
        terms = self.terms(asked.q)
        if not all(word in self.tokens[row] for word in terms):
            return False
        names = {each.name for each in asked.conditions} - {but}
        return all(self._field_matches(name, row, asked.conditions) for name in names)

    def _field_matches(self, name: str, row: int, conditions: Sequence[Condition]) -> bool:
        own = [each for each in conditions if each.name == name]
        value = self.held(name, row)
        kept = [each for each in own if not each.exclude]
        choices = [each.test(value) for each in kept if not each.compares]
        return (
            (any(choices) or not choices)
            and all(each.test(value) for each in kept if each.compares)
            and not any(each.test(value) for each in own if each.exclude)
        )

    def found(self, asked: Request, but: str = "") -> list[int]:
        return [row for row in range(self.world.rows) if self.matches(row, asked, but)]

    def order(self, asked: Request) -> list[int]:
        rows = self.found(asked)
        terms = self.terms(asked.q)
        if asked.sort in ("", "relevance"):
            scores = {row: self.score(row, terms) or 0 for row in rows}
            return sorted(rows, key=lambda row: (-scores[row], row))
        if asked.sort == "row":
            return rows
        name, down = asked.sort.removeprefix("-"), asked.sort.startswith("-")

        def compare(one: int, two: int) -> int:
            first, second = self.held(name, one), self.held(name, two)
            if is_null(first) or is_null(second) or first == second:
                return (is_null(first) - is_null(second)) or one - two
            return -1 if (first < second) != down else 1

        return sorted(rows, key=cmp_to_key(compare))


# --------------------------------------------------------------------------------------- checks


def check(dataset: Dataset, oracle: Oracle, asked: Request, rng: random.Random) -> None:
    query = queries.parse(asked.pairs, dataset.fields)
    expected = oracle.order(asked)
    assert dataset.order(query).tolist() == expected, asked
    check_pages(dataset, oracle, asked, query, expected, rng)
    check_neighbours(dataset, query, expected, rng)


def check_pages(
    dataset: Dataset,
    oracle: Oracle,
    asked: Request,
    query: Query,
    expected: list[int],
    rng: random.Random,
) -> None:
    pages = max(1, -(-len(expected) // asked.size))
    page = rng.choice([1, pages, rng.randint(1, pages)])
    results = dataset.search(replace(query, page=page))
    assert (results.total, results.pages, results.page) == (len(expected), pages, page), asked
    shown = expected[(page - 1) * asked.size : page * asked.size]
    assert [each.row for each in results.results] == shown, asked
    terms = oracle.terms(asked.q)
    for each in results.results:
        assert each.score == oracle.score(each.row, terms), asked
        assert each.conversation_id == oracle.world.ids[each.row]
        assert each.prompt == oracle.world.prompts[each.row][:300]
        assert bool(each.snippets) == bool(terms), asked
        for passage in each.snippets:
            assert passage.text in oracle.world.prompts[each.row]
            assert len(passage.text) <= 240
            assert passage.hits
            for start, end in passage.hits:
                assert set(words(passage.text[start:end])) & set(terms), (asked, passage)
        for name, value in each.signals.items():
            assert value == oracle.held(name, each.row), name
    with pytest.raises(NotFound, match=f"last one is {pages}"):
        dataset.search(replace(query, page=pages + 1))


def check_neighbours(
    dataset: Dataset, query: Query, expected: list[int], rng: random.Random
) -> None:
    outside = sorted(set(range(dataset.rows)) - set(expected))
    if outside:
        assert dataset.neighbours(query, rng.choice(outside)) is None
    if expected:
        place = rng.choice([0, len(expected) - 1, rng.randrange(len(expected))])
        near = dataset.neighbours(query, expected[place])
        assert near is not None
        assert (near.place, near.total) == (place + 1, len(expected))
        assert near.before == (expected[place - 1] if place else None)
        assert near.after == (expected[place + 1] if place + 1 < len(expected) else None)


def check_facets(dataset: Dataset, oracle: Oracle, asked: Request) -> None:
    found = dataset.facets(queries.parse(asked.pairs, dataset.fields))
    assert found.total == len(oracle.found(asked)), asked
    assert {each.field.name for each in found.facets} == expected_facets(oracle.world), asked
    for each in found.facets:
        rows = oracle.found(asked, but=each.field.name)
        values = [oracle.held(each.field.name, row) for row in rows]
        if each.field.facet == "values":
            check_values(each, values)
        else:
            check_histogram(each, values, oracle.world.columns[each.field.name])


def expected_facets(world: World) -> set[str]:
    """Booleans, short texts and lists of them; numbers and dates that have any value."""
    found = set()
    for name, column in world.columns.items():
        present = [value for value in column.values if not is_null(value)]
        if column.kind in ("integer", "number", "date"):
            if present:
                found.add(name)
        elif max((len(str(value)) for value in present), default=0) <= 200:
            found.add(name)
    return found


def check_values(facet: Facet, values: list[Any]) -> None:
    counts: Counter[Any] = Counter()
    for value in values:
        if isinstance(value, list):
            counts.update({each for each in value if each is not None})
        else:
            counts[value] += 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0]))
    assert [(v.value, v.count) for v in facet.values] == ranked[:10], facet.field.name
    assert facet.more == (len(ranked) > 10), facet.field.name


def seconds(value: date | datetime) -> float:
    return as_moment(value).replace(tzinfo=UTC).timestamp()


def check_histogram(facet: Facet, values: list[Any], column: Column) -> None:
    name = facet.field.name
    dates = column.kind == "date"
    numbers = [seconds(v) if dates else v for v in values if not is_null(v)]
    every = [seconds(v) if dates else v for v in column.values if not is_null(v)]
    edges = [facet.bins[0][0], *(high for _, high, _ in facet.bins)]
    assert [low for low, _, _ in facet.bins] == edges[:-1], name
    assert all(low < high for low, high, _ in facet.bins), (name, edges)
    assert edges[0] <= float(min(every)), (name, edges)
    assert float(max(every)) <= edges[-1], (name, edges)
    assert len(facet.bins) <= 50, name
    if column.kind == "integer":
        assert all(edge == int(edge) for edge in edges), name
    last = len(facet.bins) - 1
    for place, (low, high, count) in enumerate(facet.bins):
        inside = sum(low <= x < high or (place == last and x == high) for x in numbers)
        assert count == inside, (name, low, high)
    assert facet.nulls == len(values) - len(numbers), name


# ---------------------------------------------------------------------------------------- tests

MAKERS = {"struct": struct_world, "json": json_world}


def opened(world: World, place: Path, open_at: Callable[..., Dataset]) -> Dataset:
    for number, table in enumerate(world.tables):
        path = place / "source" / f"{number}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path, row_group_size=world.group)
    dataset: Dataset = open_at(place / "source", place / "data")
    return dataset


@pytest.fixture(scope="module", params=MAKERS)
def case(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    open_at: Callable[..., Dataset],
) -> Iterator[tuple[Dataset, Oracle]]:
    world = MAKERS[request.param](random.Random(11), 220)
    dataset = opened(world, tmp_path_factory.mktemp(request.param), open_at)
    yield dataset, Oracle(world)
    dataset.close()


@pytest.mark.parametrize("block", range(4))
def test_several_hundred_queries(case: tuple[Dataset, Oracle], block: int) -> None:
    dataset, oracle = case
    rng = random.Random(1_000 + block)
    items = word_items(oracle.world)
    for _ in range(45):
        check(dataset, oracle, request(rng, oracle.world, items), rng)


@pytest.mark.parametrize("block", range(3))
def test_facets_of_many_queries(case: tuple[Dataset, Oracle], block: int) -> None:
    dataset, oracle = case
    rng = random.Random(2_000 + block)
    items = word_items(oracle.world)
    for _ in range(12):
        check_facets(dataset, oracle, request(rng, oracle.world, items))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.randoms(use_true_random=False), st.integers(1, 30), st.sampled_from(sorted(MAKERS)))
def test_small_datasets(
    tmp_path_factory: pytest.TempPathFactory,
    open_at: Callable[..., Dataset],
    rng: random.Random,
    rows: int,
    kind: str,
) -> None:
    world = MAKERS[kind](rng, rows)
    dataset = opened(world, tmp_path_factory.mktemp("small"), open_at)
    oracle = Oracle(world)
    items = word_items(world)
    try:
        for _ in range(4):
            asked = request(rng, world, items)
            check(dataset, oracle, asked, rng)
        check_facets(dataset, oracle, asked)
    finally:
        dataset.close()


def test_fields_are_known_with_their_kinds(case: tuple[Dataset, Oracle]) -> None:
    dataset, oracle = case
    kinds = {name: each.kind for name, each in dataset.fields.items() if each.column}
    for name in ("conversation_id", "prompt", "response"):
        assert kinds.pop(name) == "text"
    assert kinds == {name: column.kind for name, column in oracle.world.columns.items()}


def test_facet_values_on_demand(case: tuple[Dataset, Oracle]) -> None:
    dataset, oracle = case
    values = oracle.world.columns["metadata.kind"].values
    for text, size in (("a", 3), ("NULL", 100), (" ", 1), ("'", 5), ("привет", 2), ("%", 9)):
        pairs = [("facet", "metadata.kind"), ("facet_q", text), ("facet_size", str(size))]
        facet = dataset.facets(queries.parse(pairs, dataset.fields)).facets
        held = Counter(v for v in values if v is not None and text.lower() in v.lower())
        ranked = sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))
        if not text.strip():
            continue
        assert [each.field.name for each in facet] == ["metadata.kind"]
        assert [(v.value, v.count) for v in facet[0].values] == ranked[:size]
        assert facet[0].more == (len(ranked) > size)


def test_random_order_is_fixed_by_its_seed(case: tuple[Dataset, Oracle]) -> None:
    dataset, oracle = case
    orders = []
    for seed in ("1", "2", "ü", " ", "x" * 64, "'; drop"):
        query = queries.parse([("sort", f"random:{seed}")], dataset.fields)
        whole = dataset.order(query).tolist()
        assert sorted(whole) == list(range(dataset.rows))
        assert dataset.order(query).tolist() == whole
        paged = [
            each.row
            for page in range(1, 4)
            for each in dataset.search(replace(query, page=page, size=100)).results
        ]
        assert paged == whole
        orders.append(tuple(whole))
        narrowed = Request(conditions=[Condition("trace", "trace:none", partial(eq, "none"))])
        some = queries.parse([*narrowed.pairs, ("sort", f"random:{seed}")][2:], dataset.fields)
        some = replace(some, filters=queries.parse(narrowed.pairs, dataset.fields).filters)
        inside = set(oracle.found(narrowed))
        assert dataset.order(some).tolist() == [row for row in whole if row in inside]
    assert len(set(orders)) == len(orders)
