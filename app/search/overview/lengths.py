"""How long prompts, reasoning and answers are, what a limit would keep, and reasoning against answers."""

from collections.abc import Iterator

from ...conversations.fields import Field
from ...conversations.reasoning import NONE
from ...store.schema import PARTS
from ..request import filters
from ..request.filters import Filter
from ..shard.tallies import Axis
from .asking import Asking
from .figures import Budget, Budgets, Grid, Length
from .tally import Tally

REASONING, ANSWER = PARTS[1:]
TRACED = f"-trace:{NONE}"
TOKENS = f"{REASONING}_tokens"
STEPS = (10, 15, 20, 30, 50, 70)  # edges of bins between powers of ten, in tenths of these
COARSE = (10, 20, 50)  # those of the grid
BUDGETS = (1_000, 2_000, 4_000, 8_000, 16_000)


def field_of(part: str) -> str:
    """The field that has the words of a part."""
    return f"{part}_words"


def edges(high: float, steps: tuple[int, ...]) -> tuple[int, ...]:
    """Edges of bins that grow: 0 alone, then 1, 2, 5 or finer, as far as the values go."""
    found, power = [0], 1
    while True:
        for step in steps:
            edge, left = divmod(step * power, 10)
            if left:  # 1.5 is no edge of whole numbers
                continue
            if edge > high:
                return tuple(found)
            found.append(edge)
        power *= 10


def traced(asking: Asking) -> Filter:
    """What rows with a trace pass, also one without words."""
    return filters.parse(TRACED, asking.fields)


def lengths(asking: Asking) -> Iterator[tuple[Length, Tally]]:
    """The lengths of each part, with how many rows have how many words."""
    for part in PARTS:
        field = asking.fields[field_of(part)]
        tally = asking.tally(field.name)
        only = TRACED if part == REASONING else ""
        own = asking.tally(field.name, traced(asking)) if only else tally
        yield _length(part, field, own, tally.rows, only), tally


def _length(part: str, field: Field, tally: Tally, rows: int, only: str) -> Length:
    found = edges(field.high, STEPS)
    return Length(
        part=part,
        field=field,
        rows=tally.rows,
        without=rows - tally.rows,
        total=int(tally.total),
        median=tally.percentile(50),
        p95=tally.percentile(95),
        p99=tally.percentile(99),
        max=tally.highest,
        edges=found,
        bins=tally.bins(found),
        only=only,
    )


def budgets(asking: Asking, words: Tally) -> Iterator[Budgets]:
    """What limits of reasoning keep: of words, and of tokens where these were counted."""
    yield _budgets(asking.fields[field_of(REASONING)], words)
    tokens = asking.fields.get(TOKENS)
    if tokens is not None and tokens.signal and tokens.column:
        yield _budgets(tokens, asking.tally(TOKENS))


def _budgets(field: Field, tally: Tally) -> Budgets:
    limits = tuple(Budget(most, *tally.up_to(most)) for most in BUDGETS)
    return Budgets(field, int(tally.total), limits)


def grid(asking: Asking) -> Grid:
    """Rows by their words of reasoning and of the answer."""
    across, up = (edges(asking.fields[field_of(part)].high, COARSE) for part in (REASONING, ANSWER))
    axes = (Axis(field_of(REASONING), across), Axis(field_of(ANSWER), up))
    found = asking.crossed(axes)
    cells = [[0] * len(across) for _ in up]
    for one, other, count in zip(*found.codes, found.counts, strict=True):
        cells[int(other)][int(one)] = int(count)
    return Grid(across, up, tuple(map(tuple, cells)))
