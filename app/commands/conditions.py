"""What ``thinklens check`` holds a dataset to: a filter, or the name of a fault, and how many rows may or
must pass it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ..conversations.fields import Field
from ..errors import InvalidInput
from ..search.request import faults, filters
from ..search.request.filters import Filter

AT_MOST, AT_LEAST = "at most", "at least"


@dataclass(frozen=True)
class Condition:
    """At most or at least so many rows, or with ``percent`` so many of a hundred, pass a filter. ``said`` is
    the amount as it was typed."""

    kind: str
    name: str
    filter: Filter
    amount: Decimal
    percent: bool
    said: str

    def holds(self, rows: int, of: int) -> bool:
        """Whether it holds of so many rows out of all that were looked at; exactly."""
        counted, limit = (100 * rows, self.amount * of) if self.percent else (rows, self.amount)
        return counted <= limit if self.kind == AT_MOST else counted >= limit


@dataclass(frozen=True)
class Checked:
    """A condition with what was counted."""

    condition: Condition
    rows: int
    of: int

    @property
    def holds(self) -> bool:
        return self.condition.holds(self.rows, self.of)


def condition(kind: str, text: str, fields: Mapping[str, Field]) -> Condition:
    """A condition from its text, as ``trace:unclosed 1%``. Raises InvalidInput."""
    name, _, said = text.strip().rpartition(" ")
    amount, percent = _amount(said)
    if not name or amount is None:
        raise InvalidInput(
            f"{text!r} says not how many: write a filter, a space, and a number of rows or a share, "
            "as 'trace:unclosed 1%'"
        )
    name = name.strip()
    named = {each.name: each.filter for each in faults.known(fields)}
    found = named[name] if name in named else filters.parse(name, fields)
    return Condition(kind, name, found, amount, percent, said)


def _amount(said: str) -> tuple[Decimal | None, bool]:
    """A number of rows, or of a hundred; None for what is neither."""
    percent = said.endswith("%")
    try:
        amount = Decimal(said.removesuffix("%"))
    except InvalidOperation:
        return None, percent
    whole = percent or amount == amount.to_integral_value() if amount.is_finite() else False
    return (amount if whole and amount >= 0 and (not percent or amount <= 100) else None), percent
