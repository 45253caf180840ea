"""The links by which two conversations are picked to be read side by side. Pure."""

from dataclasses import dataclass, replace

from ..search.query import Query
from .links import Link, dataset_path


@dataclass(frozen=True)
class Picking:
    """What is picked on the way through the results of a query, and the links that follow from it."""

    path: str
    query: Query

    @property
    def picked(self) -> int | None:
        return self.query.pick

    @property
    def let_go(self) -> str:
        """The list with nothing picked."""
        return self.path + replace(self.query, pick=None).string()

    def link(self, row: int) -> Link:
        """What a result offers: to be the first of two, the second, or to be let go."""
        picked = self.query.pick
        if picked is None:
            return Link("Compare", self._with(row) + f"#row-{row}", label=f"Compare row {row:,}")
        if picked == row:
            return Link("Picked", self.let_go + f"#row-{row}", True, f"Let go of row {row:,}")
        text = f"Compare with row {picked:,}"
        label = f"Compare row {row:,} with row {picked:,}"
        return Link(text, beside(self.path, picked, row, self.query), label=label)

    def _with(self, row: int) -> str:
        return self.path + replace(self.query, pick=row).string()


def picking(name: str, query: Query) -> Picking:
    """The picking of a dataset's rows under a query."""
    return Picking(dataset_path(name), query)


def beside(path: str, row: int, other: int, query: Query) -> str:
    """The address where two conversations are read side by side."""
    return f"{path}/conversations/{row}/beside/{other}{query.string()}"
