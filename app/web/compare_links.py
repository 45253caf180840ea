"""The links by which two conversations are picked to be read side by side. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..conversations.fields import Field
from ..search.dataset import Neighbours, Reading
from .address import Address
from .links import Link, dataset_path, filter_text

LONGEST_PROMPT = 500  # characters of a prompt that is put into an address


@dataclass(frozen=True)
class Picking:
    """What is picked on the way through the results of an address, and the links that follow from it."""

    path: str
    address: Address

    @property
    def picked(self) -> int | None:
        return self.address.pick

    @property
    def let_go(self) -> str:
        """The list with nothing picked."""
        return self.path + self.address.picking(None).string()

    def link(self, row: int) -> Link:
        """What a result offers: to be the first of two, the second, or to be let go."""
        picked = self.address.pick
        if picked is None:
            return Link("Compare", self._with(row) + f"#row-{row}", label=f"Compare row {row:,}")
        if picked == row:
            return Link(
                "Picked", self.let_go + f"#row-{row}", True, f"Cancel the pick of row {row:,}"
            )
        text = f"Compare with row {picked:,}"
        label = f"Compare row {row:,} with row {picked:,}"
        return Link(text, side_by_side(self.path, picked, row, self._first), label=label)

    def _with(self, row: int) -> str:
        before, behind = self._around
        return f"{self.path}{before}{row}{behind}"

    @cached_property
    def _around(self) -> tuple[str, str]:
        return self.address.around("pick")

    @cached_property
    def _first(self) -> Address:
        return self.address.on_page(1)


def same_prompt(read: Reading, fields: Mapping[str, Field]) -> Address | None:
    """The rows with just this row's prompt, this one picked; None where an address cannot ask for them."""
    name = read.layout.column("prompt")
    field, text = fields.get(name), read.record.get(name)
    if field is None or not field.column or not isinstance(text, str):
        return None
    if not text.strip() or len(text) > LONGEST_PROMPT:
        return None
    return Address(pick=read.row).with_filter(filter_text(name, text), {name: field})


def others(name: str, same: Address | None, at: Neighbours | None) -> Link | None:
    """The way to the other rows with the same prompt, where there are some."""
    if same is None or at is None or at.total < 2:
        return None
    rows = "1 other row" if at.total == 2 else f"{at.total - 1:,} other rows"
    return Link(f"{rows} with this prompt", dataset_path(name) + same.string())


def picking(name: str, address: Address, at: Neighbours | None = None) -> Picking:
    """The picking of a dataset's rows under an address; ``at`` tells the page of the list it leads to."""
    return Picking(dataset_path(name), address.at_place(at.place) if at else address)


def side_by_side(path: str, row: int, other: int, address: Address) -> str:
    """The address where two conversations are read side by side."""
    return f"{path}/conversations/{row}/beside/{other}{address.string()}"
