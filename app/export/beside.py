"""What stands beside an export's records: columns of the source that are kept, signals, and the mark of
what is incomplete.

A name that the records have already gets ``_`` behind it. Knows rows by their numbers, and no shape.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..conversations.signals.table import BY_NAME
from ..conversations.source import Source
from ..errors import InvalidInput

ALL = "all"  # signals, in place of their names
INCOMPLETE = "incomplete"

Rows = npt.NDArray[np.int64]
Signals = Callable[[Rows, Sequence[str]], pa.Table]  # of rows that rise, a column each


def _none(rows: Rows, names: Sequence[str]) -> pa.Table:
    raise KeyError(names)


@dataclass(frozen=True)
class Beside:
    """``columns`` and ``signals`` have the names in the export and those of the source and of signals,
    ``mark`` the name of the mark ("" for none), of the rows ``incomplete`` (rising)."""

    columns: Mapping[str, str] = field(default_factory=dict)
    signals: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""
    incomplete: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    signals_of: Signals = _none

    @classmethod
    def of(
        cls,
        taken: Iterable[str],
        columns: Sequence[str],
        signals: Sequence[str],
        mark: bool,
        incomplete: Rows,
        signals_of: Signals,
    ) -> "Beside":
        """Each under a name that is not ``taken``."""
        wanted = [*columns, *signals, *([INCOMPLETE] if mark else [])]
        names = _free(wanted, taken)
        kept, computed = names[: len(columns)], names[len(columns) : len(columns) + len(signals)]
        return cls(
            dict(zip(kept, columns, strict=True)),
            dict(zip(computed, signals, strict=True)),
            names[-1] if mark else "",
            incomplete,
            signals_of,
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All names in order."""
        return (*self.columns, *self.signals, *([self.mark] if self.mark else []))

    def fields(self, source: Source) -> list[pa.Field]:
        """The types of all. Raises Arrow's faults where files have a column in types without one in
        common."""
        kept = set(self.columns.values())
        schemas = [pa.schema([f for f in file.schema if f.name in kept]) for file in source.files]
        found = pa.unify_schemas(schemas, promote_options="permissive")
        made = [found.field(each).with_name(name) for name, each in self.columns.items()]
        made += [pa.field(name, BY_NAME[each].type) for name, each in self.signals.items()]
        return [*made, *([pa.field(self.mark, pa.bool_())] if self.mark else [])]

    def table(self, table: pa.Table, rows: Rows) -> pa.Table:
        """What stands beside some rows (rising), which the source has as ``table``; a column that their
        file has not is null."""
        found = {
            name: table[each] if each in table.column_names else pa.nulls(len(rows))
            for name, each in self.columns.items()
        }
        if self.signals:
            computed = self.signals_of(rows, list(dict.fromkeys(self.signals.values())))
            found |= {name: computed[each] for name, each in self.signals.items()}
        if self.mark:
            found[self.mark] = pa.array(np.isin(rows, self.incomplete))
        return pa.table(found)


NOTHING = Beside()


def columns_named(texts: Iterable[str], there: Sequence[str]) -> tuple[str, ...]:
    """The columns that are to be kept: each text is the name of one, or of several parted by commas.
    Raises InvalidInput for one that is not there, naming those that are."""
    found = [name for text in texts for name in ([text] if text in there else text.split(","))]
    names = [name if name in there else name.strip() for name in found]
    for name in names:
        if name and name not in there:
            listed = ", ".join(map(repr, there))
            raise InvalidInput(f"'keep_columns': no column {name!r}; the columns are {listed}")
    return tuple(dict.fromkeys(name for name in names if name))


def signals_named(names: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """The signals of these names, of ``all`` each that the dataset has. Raises InvalidInput for one that
    is not ``there``."""
    for name in names:
        if name not in (ALL, *there):
            listed = ", ".join(there)
            raise InvalidInput(f"'signals': no signal {name!r}; there are {ALL}, {listed}")
    return tuple(there) if ALL in names else tuple(names)


def _free(wanted: Iterable[str], taken: Iterable[str]) -> list[str]:
    """The names, each with as many ``_`` behind it as make it one that is not taken."""
    used, found = set(taken), []
    for name in wanted:
        while name in used:
            name += "_"
        used.add(name)
        found.append(name)
    return found
