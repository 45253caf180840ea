"""Generated requests, what each of their conditions means, and an oracle that looks at every row.

Answers from the words of the specification alone.
"""

import hashlib
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cmp_to_key, partial
from operator import eq
from typing import Any

from app.search.request.tree import Node

from .brute import PARTS, Texts
from .trees import Maker
from .worlds import Column, World

Predicate = Callable[[Any], bool]


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
    """A query as pairs, with the tree and the conditions that they stand for."""

    q: str = ""
    tree: Node | None = None
    searched_in: str = ""
    conditions: list[Condition] = field(default_factory=list)
    one: str = ""
    keep: str = ""
    sort: str = ""
    page: int = 1
    size: int = 10

    @property
    def pairs(self) -> list[tuple[str, str]]:
        filters = [("filter", each.text) for each in self.conditions]
        given = [("q", self.q), ("in", self.searched_in), *filters, ("sort", self.sort)]
        given += [("one", self.one), ("keep", self.keep)]
        return [*given, ("page", str(self.page)), ("size", str(self.size))]

    @property
    def searched(self) -> tuple[str, ...]:
        return PARTS if self.searched_in == "all" else (self.searched_in or "prompt",)


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
        return _element(rng, value, column)
    if column.kind == "date":
        return _dates(rng, value, rng.choice(present))
    return _numbers(rng, value, rng.choice(present), column)


def _quoted(rng: random.Random, value: str) -> str:
    must = value == "null" or value == "" or (value[0] == value[-1] == '"')
    return '"' + value.replace('"', '""') + '"' if must or rng.random() < 0.3 else value


def _element(rng: random.Random, value: list[Any], column: Column) -> tuple[str, Predicate, bool]:
    elements = [each for each in value if not is_null(each)]
    if not elements:
        return "null", is_null, False
    wanted = rng.choice(elements)
    if isinstance(wanted, int | float):
        return _typed(rng, wanted, column), lambda held: held is not None and wanted in held, False
    return _quoted(rng, wanted), lambda held: held is not None and wanted in held, False


def _plain(value: Any) -> str:
    return str(value) if not isinstance(value, float) else repr(value)


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
}


def _typed(rng: random.Random, value: Any, column: Column) -> str:
    """A number as somebody types it: as it is shown, or in all the digits that its type gives it."""
    if column.short is not None and rng.random() < 0.3:
        return repr(float(column.short(value)))
    return _plain(value)


def _numbers(
    rng: random.Random, value: Any, other: Any, column: Column
) -> tuple[str, Predicate, bool]:
    low, high = min(value, other), max(value, other)
    typed = partial(_typed, rng, column=column)
    form = rng.randrange(5)
    if form == 0:
        return typed(value), lambda held: not is_null(held) and held == value, False
    if form == 1:
        return (
            f"{typed(low)}..{typed(high)}",
            lambda h: not is_null(h) and low <= h <= high,
            False,
        )
    if form == 2:
        return f"{typed(low)}..", lambda held: not is_null(held) and held >= low, False
    if form == 3:
        return f"..{typed(high)}", lambda held: not is_null(held) and held <= high, False
    sign = rng.choice(list(COMPARE))
    return sign + typed(value), lambda h: not is_null(h) and COMPARE[sign](h, value), True


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


def request(rng: random.Random, oracle: "Oracle") -> Request:
    made = Request(size=rng.choice([10, 10, 17, 100]))
    world = oracle.world
    if rng.random() < 0.8:
        maker = Maker(rng, oracle.texts)
        tree = maker.tree(rng.choice([0, 1, 1, 2, 3]))
        typed = maker.render(tree)
        if len(typed) <= 1_000:
            made.q, made.tree = typed, tree
        made.searched_in = rng.choice(["", "prompt", "reasoning", "answer", "all", "all"])
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 4])):
        name = rng.choice(list(world.columns))
        if made.conditions and rng.random() < 0.4:
            name = rng.choice(made.conditions).name
        made.conditions.append(condition(rng, name, world.columns[name]))
    made.sort = rng.choice(
        ["", "", "", "row", "relevance", f"random:{rng.randrange(9)}"]
        + [f"{sign}{rng.choice(oracle.sortable)}" for sign in ("", "-", "", "-")]
    )
    made.one = rng.choice(["", "", "", "prompt", "near_prompt", "conversation"])
    made.keep = rng.choice(
        ["", "first", "longest", "shortest", f"random:{rng.randrange(9)}"]
        + [f"{sign}{rng.choice(oracle.sortable)}" for sign in ("", "-")]
    )
    return made


def sortable(world: World) -> list[str]:
    return [
        name
        for name, column in world.columns.items()
        if column.kind != "list" and max((len(str(v)) for v in column.values), default=0) <= 200
    ]


# --------------------------------------------------------------------------------------- oracle


class Oracle:
    """Answers by looking at every row."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.texts = Texts(world.parts, world.ids)
        self.sortable = sortable(world)

    def score(self, row: int, asked: Request) -> int | None:
        tree = asked.tree
        return None if tree is None else self.texts.score(tree, asked.searched, row)

    def held(self, name: str, row: int) -> Any:
        return self.world.columns[name].values[row]

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
        rows = set(range(self.world.rows))
        if asked.tree is not None:
            rows = self.texts.found(asked.tree, asked.searched)
        names = {each.name for each in asked.conditions} - {but}
        found = [
            row
            for row in sorted(rows)
            if all(self._field_matches(name, row, asked.conditions) for name in names)
        ]
        return self._one_of_each(found, asked)

    def _one_of_each(self, rows: list[int], asked: Request) -> list[int]:
        """Of the rows of each group the first by what is kept; a row without a group is one."""
        if not asked.one:
            return rows
        groups: dict[Any, list[int]] = {}
        for row in rows:
            name = {"near_prompt": "near_prompt"}.get(asked.one, f"{asked.one}_group")
            group = self.held(name, row)
            groups.setdefault(("alone", row) if group is None else group, []).append(row)
        return sorted(self._sorted(some, asked.keep or "first")[0] for some in groups.values())

    def _sorted(self, rows: list[int], by: str) -> list[int]:
        if by in ("first", "row"):
            return rows
        if by in ("longest", "shortest"):
            sign = -1 if by == "longest" else 1
            parts = ("reasoning_words", "answer_words")
            return sorted(rows, key=lambda row: sign * sum(self.held(each, row) for each in parts))
        if by.startswith("random:"):
            seed = by.removeprefix("random:")
            return sorted(rows, key=lambda row: mixed(row, seed))
        return self._by_field(rows, by.removeprefix("-"), by.startswith("-"))

    def order(self, asked: Request) -> list[int]:
        rows = self.found(asked)
        if asked.sort == "row" or (asked.sort in ("", "relevance") and asked.tree is None):
            return rows
        if asked.sort in ("", "relevance"):
            scores = {row: self.score(row, asked) or 0 for row in rows}
            return sorted(rows, key=lambda row: (-scores[row], row))
        return self._sorted(rows, asked.sort)

    def _by_field(self, rows: list[int], name: str, down: bool) -> list[int]:
        def compare(one: int, two: int) -> int:
            first, second = self.held(name, one), self.held(name, two)
            if is_null(first) or is_null(second) or first == second:
                return (is_null(first) - is_null(second)) or one - two
            return -1 if (first < second) != down else 1

        return sorted(rows, key=cmp_to_key(compare))


def mixed(row: int, seed: str) -> int:
    """splitmix64's output for a row, begun at the seed's blake2b of 64 bits."""
    start = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest(), "little")
    z = (start + row * 0x9E3779B97F4A7C15) % 2**64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return z ^ (z >> 31)
