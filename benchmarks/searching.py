"""Searches without HTTP: the first 25 rows with scores and the exact total, system after system.

Each round opens Thinklens's dataset anew, and pairs of words another time, so that neither an answer nor a
word's list of rows comes from before. Each word is asked twice in a row, and what counts is the first time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product

from . import reaches, thinklens
from .figures import Figure, Line, Took, times
from .picks import Picks, apart
from .references import SEARCHING
from .run import Run
from .thinklens import Answer

Ask = Callable[[str], Answer]
OURS = "Thinklens"
AGAIN = "Thinklens, again"
Asks = dict[tuple[str, str], list[Took]]  # by class and system


def searched(run: Run) -> Iterator[Line]:
    """A line a class of words, one for all of them, one for totals that differ."""
    asks: Asks = defaultdict(list)
    totals: dict[tuple[str, str], int] = {}
    for turn, group in product(range(run.rounds), apart(run.words)):
        with _systems(run) as systems:
            for picks in group:
                for query in picks.queries:
                    _ask(turn, systems, picks.kind, query, asks, totals)
    for picks in run.words:
        yield _line(f"search, {_named(picks, totals)}", asks, [picks.kind])
    kinds = [picks.kind for picks in run.words]
    yield _line("search, all of these", asks, kinds)
    yield Line("search, all of these, asked again at once", _figure(asks, kinds, AGAIN))
    yield _differing(totals)


@contextmanager
def _systems(run: Run) -> Iterator[dict[str, Ask]]:
    """All systems, opened and warm."""
    with (
        run.references.asked(SEARCHING) as others,
        thinklens.opened(run.data, run.data_dir) as searcher,
    ):
        systems: dict[str, Ask] = {OURS: searcher.search}
        for name, other in others.items():
            systems[name] = lambda query, other=other: other.ask(words=query)  # type: ignore[misc]
        for query in run.warming()[:8]:
            for ask in systems.values():
                ask(query)
        yield systems


def _ask(
    turn: int,
    systems: dict[str, Ask],
    kind: str,
    query: str,
    asks: Asks,
    totals: dict[tuple[str, str], int],
) -> None:
    """One query to each system, each round beginning with another one."""
    names = list(systems)
    for name in names[turn % len(names) :] + names[: turn % len(names)]:
        answer = systems[name](query)
        asks[kind, name].append(answer.took)
        totals[query, name] = answer.total
        if name == OURS:
            asks[kind, AGAIN].append(systems[name](query).took)


def _named(picks: Picks, totals: dict[tuple[str, str], int]) -> str:
    found = [totals[query, OURS] for query in picks.queries]
    rows = f"{min(found):,}" if len(set(found)) == 1 else f"{min(found):,}\u2013{max(found):,}"
    return f"{picks.kind} ({', '.join(picks.queries)}: {rows} rows)"


def _figure(asks: Asks, kinds: list[str], name: str) -> Figure | None:
    found = [took for kind in kinds for took in asks.get((kind, name), ())]
    return times(found) if found else None


def _line(what: str, asks: Asks, kinds: list[str]) -> Line:
    beside = {name: _figure(asks, kinds, name) for name in SEARCHING}
    there = {name: figure for name, figure in beside.items() if figure is not None}
    return Line(what, _figure(asks, kinds, OURS), there, reaches.SEARCH)


def _differing(totals: dict[tuple[str, str], int]) -> Line:
    """How many of the queries found the same number of rows in each system."""
    queries = list(dict.fromkeys(query for query, _ in totals))
    notes = []
    for name in SEARCHING:
        there = [query for query in queries if (query, name) in totals]
        same = sum(totals[query, name] == totals[query, OURS] for query in there)
        if there:
            notes.append(f"{name} {same} of {len(there)}")
    return Line("the same total found", None, {}, (), ", ".join(notes))
