"""What trainers' loaders refuse of an export, told by the index before it is made. Pure.

What they refuse was tried with their own code (``tests/loaders``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..conversations.signals.turn_order import BROKEN, JOINED, UNKNOWN
from .options import MESSAGES, OPENAI, OUMI, SHAREGPT

_FACTORY, _OUMI = "LLaMA-Factory", "Oumi"
_ALTERNATE = "turns do not alternate"


@dataclass(frozen=True)
class Refusal:
    """How many rows the loader of a trainer does not take, and why not."""

    trainer: str
    rows: int
    why: str


@dataclass(frozen=True)
class _Rule:
    """Refused by a trainer: rows of these orders of turns."""

    trainer: str
    orders: tuple[str, ...]
    why: str


_AS_THEY_STAND = (
    _Rule(_FACTORY, (BROKEN, JOINED), _ALTERNATE),
    _Rule(_FACTORY, (UNKNOWN,), "roles are unknown, and it stops there"),
)
_RULES: Mapping[str, tuple[_Rule, ...]] = {
    MESSAGES: _AS_THEY_STAND,
    OPENAI: _AS_THEY_STAND,
    SHAREGPT: (_Rule(_FACTORY, (BROKEN, UNKNOWN), _ALTERNATE),),
    OUMI: (_Rule(_OUMI, (UNKNOWN,), "roles are unknown"),),
}


def refusals(shape: str, orders: Callable[[], Mapping[str, int]]) -> list[Refusal]:
    """What is refused of a shape; ``orders`` has the number of rows by the order of their turns."""
    rules = _RULES.get(shape, ())
    counts = orders() if rules else {}
    found = ((each, sum(counts.get(order, 0) for order in each.orders)) for each in rules)
    return [Refusal(each.trainer, rows, each.why) for each, rows in found if rows]
