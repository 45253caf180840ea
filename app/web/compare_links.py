"""The links by which two conversations are picked to be read side by side. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..conversations.fields import Field
from ..search.dataset import Neighbours, Reading
from ..search.request.query import Query
from .links import Link, dataset_path, filter_text

LONGEST_PROMPT = 500  # characters of a prompt that is put into an address


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
            return Link(
                "Picked", self.let_go + f"#row-{row}", True, f"Cancel the pick of row {row:,}"
            )
        text = f"Compare with row {picked:,}"
        label = f"Compare row {row:,} with row {picked:,}"
        return Link(
            text, side_by_side(self.path, picked, row, replace(self.query, page=1)), label=label
        )

    def _with(self, row: int) -> str:
        return self.path + replace(self.query, pick=row).string()


def same_prompt(read: Reading, fields: Mapping[str, Field]) -> Query | None:
    """The rows with just this row's prompt, as a query; None where an address cannot ask for them."""
    name = read.layout.column("prompt")
    field, text = fields.get(name), read.record.get(name)
    if field is None or not field.column or not isinstance(text, str):
        return None
    if not text.strip() or len(text) > LONGEST_PROMPT:
        return None
    return Query(pick=read.row).with_filter(filter_text(name, text), {name: field})


def others(name: str, same: Query | None, at: Neighbours | None) -> Link | None:
    """The way to the other rows with the same prompt, where there are some."""
    if same is None or at is None or at.total < 2:
        return None
    rows = "1 other row" if at.total == 2 else f"{at.total - 1:,} other rows"
    return Link(f"{rows} with this prompt", dataset_path(name) + same.string())


def picking(name: str, query: Query, at: Neighbours | None = None) -> Picking:
    """The picking of a dataset's rows under a query; ``at`` tells the page of the list it leads to."""
    return Picking(dataset_path(name), query.at_place(at.place) if at else query)


def side_by_side(path: str, row: int, other: int, query: Query) -> str:
    """The address where two conversations are read side by side."""
    return f"{path}/conversations/{row}/beside/{other}{query.string()}"
