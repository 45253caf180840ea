"""The links by which two conversations are picked to be read side by side. Pure."""

from dataclasses import dataclass
from functools import cached_property

from ..search.dataset import Neighbours, Reading
from .address import Address
from .links import Link, dataset_path


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


def others(name: str, read: Reading) -> Link | None:
    """The way to the other rows with this row's prompt, this one picked, where there are some."""
    copies, group = (read.signals.get(each) for each in ("prompt_copies", "prompt_group"))
    if not isinstance(copies, int) or copies < 2:
        return None
    rows = "1 other row" if copies == 2 else f"{copies - 1:,} other rows"
    there = Address(pick=read.row).string(f"prompt_group:{group}")
    return Link(f"{rows} with this prompt", dataset_path(name) + there)


def picking(name: str, address: Address, at: Neighbours | None = None) -> Picking:
    """The picking of a dataset's rows under an address; ``at`` tells the page of the list it leads to."""
    return Picking(dataset_path(name), address.at_place(at.place) if at else address)


def side_by_side(path: str, row: int, other: int, address: Address) -> str:
    """The address where two conversations are read side by side."""
    return f"{path}/conversations/{row}/beside/{other}{address.string()}"
