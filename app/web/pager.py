"""The pager of a list: links to the pages near, the first and the last. Pure."""

from ..search.results import Neighbours, Results
from .address import Address
from .links import Link


def pager(path: str, address: Address, results: Results) -> tuple[Link, ...]:
    """Previous, the first, the pages near, the last, next; empty for one page."""
    page, pages = results.page, results.pages
    if pages == 1:
        return ()

    def link(text: str, to: int, current: bool = False) -> Link:
        return Link(text, path + address.on_page(to).string(), current, f"Page {to:,}")

    shown = sorted({1, pages, *(n for n in range(page - 2, page + 3) if 1 <= n <= pages)})
    links = [link("Previous", page - 1)] if page > 1 else []
    for before, number_ in zip([0, *shown], shown, strict=False):
        if number_ - before > 1:
            links.append(Link("\u2026", ""))
        links.append(link(f"{number_:,}", number_, number_ == page))
    return tuple([*links, link("Next", page + 1)] if page < pages else links)


def listed_at(path: str, address: Address, at: Neighbours | None, row: int) -> str:
    """The list at the page where a row stands, and at its place there."""
    there = address.at_place(at.place) if at else address
    return f"{path}{there.string()}#row-{row}"
