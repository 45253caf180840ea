"""What is known of a file before it is read: its columns, its first rows, and what its user says of it.

Finds columns by the names that datasets have for them, in any letter case. Knows no format.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from ...errors import Unreadable
from ..arrow import is_text
from ..tags import Tags
from ..tokenizer import Tokenizer

ROWS = 200  # rows at the beginning of a file that are looked at
_FEWEST_WORDS = 3  # of a text that may be prose

Record = Mapping[str, object]
Holds = Callable[[pa.DataType | None], bool]


@dataclass(frozen=True)
class Told:
    """What the user says of a dataset: its format ("" for whichever matches), the column of each slot
    ("" hides it), the pairs of tags, the roles that names mean, the keys of turns by what they are,
    whether what cannot be read is a fault of the whole, which config of a folder's card is read ("" for
    all), the text of a ``dataset_info.json`` that says more of each file, and what counts tokens."""

    format: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[Tags, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    config_name: str = ""
    info: bytes = b""
    tokenizer: Tokenizer | None = None

    def but(self, other: "Told") -> "Told":
        """What is said here, where ``other`` says nothing else."""
        return Told(
            other.format or self.format,
            {**self.columns, **other.columns},
            other.tags or self.tags,
            {**self.roles, **other.roles},
            {**self.keys, **other.keys},
            other.strict or self.strict,
            other.config_name or self.config_name,
            other.info or self.info,
            other.tokenizer or self.tokenizer,
        )


@dataclass(frozen=True)
class Looked:
    """The columns of a file, its first rows as records, and the user's word."""

    schema: pa.Schema
    rows: Sequence[Record] = ()
    told: Told = field(default_factory=Told)

    def kind(self, name: str) -> pa.DataType | None:
        """The type of a column; None where there is none."""
        return self.schema.field(name).type if self.schema.get_field_index(name) >= 0 else None

    def slot(self, slot: str, names: Iterable[str], holds: Holds = is_text) -> str:
        """The column of a slot: as the user says, else the first of the names that there is and that
        holds what it has to; "" for none. Raises Unreadable where the user's name is none."""
        if slot in self.told.columns:
            return self.named(slot)
        return next((n for each in names if (n := self.column(each)) and holds(self.kind(n))), "")

    def named(self, slot: str) -> str:
        """The column that the user names for a slot; "" for none."""
        name = self.told.columns.get(slot, "")
        if name and self.kind(name) is None:
            there = ", ".join(repr(each) for each in self.schema.names)
            raise Unreadable(f"no column {name!r} for {slot}; its columns are {there}")
        return name

    def column(self, name: str) -> str:
        """The column of this name, in any letter case; "" for none."""
        return name if self.kind(name) is not None else self._lower.get(name.casefold(), "")

    @cached_property
    def _lower(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in self.schema.names:
            found.setdefault(name.casefold(), name)
        return found

    def texts(self, column: str) -> list[str]:
        """The texts of a column in the rows looked at."""
        found = (row.get(column) for row in self.rows)
        return [each for each in found if isinstance(each, str) and each.strip()]

    def is_prose(self, column: str) -> bool:
        """Whether more than half of a column's texts have more than two words; so it is taken to be
        where nothing was looked at."""
        texts = self.texts(column)
        long = sum(len(each.split(maxsplit=_FEWEST_WORDS)) >= _FEWEST_WORDS for each in texts)
        return not self.rows or 2 * long > len(texts)

    def are_distinct(self, column: str) -> bool:
        """Whether most values of a column differ."""
        values = [str(row[column]) for row in self.rows if row.get(column) is not None]
        return not self.rows or (bool(values) and 2 * len(set(values)) > len(values))
