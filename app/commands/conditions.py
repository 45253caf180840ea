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
    name = name.strip()
    amount, percent = _amount(said)
    if not name or amount is None:
        raise InvalidInput(
            f"{text!r} says not how many: write a filter, a space, and a number of rows or a share, "
            "as 'trace:unclosed 1%'"
        )
    if (
        amount < 0
        or (percent and amount > 100)
        or not (percent or amount == amount.to_integral_value())
    ):
        raise InvalidInput(
            f"{said!r} in {text!r} is neither a whole number of rows from 0 nor a share of 0% to 100%"
        )
    return Condition(kind, name, _filter(name, fields), amount, percent, said)


def _filter(name: str, fields: Mapping[str, Field]) -> Filter:
    """The filter of a fault, or as it is written. Raises InvalidInput."""
    named = {each.name: each.filter for each in faults.known(fields)}
    if name not in named and ":" not in name:
        raise InvalidInput(
            f"{name!r} is no filter, which is field:value, and no fault of this dataset; these are: "
            f"{', '.join(named)}"
        )
    return named[name] if name in named else filters.parse(name, fields)


def _amount(said: str) -> tuple[Decimal | None, bool]:
    """A number of rows, or of a hundred; None for what is no number."""
    percent = said.endswith("%")
    try:
        amount = Decimal(said.removesuffix("%"))
    except InvalidOperation:
        return None, percent
    return amount if amount.is_finite() else None, percent
