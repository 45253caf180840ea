"""What of a dataset can be searched while not all of it is indexed, in words. Pure."""

from collections.abc import Mapping
from itertools import groupby

from ..search.readable import Readable

_NAMES = {"prompt": "prompts", "answer": "answers"}


def covered_words(dataset: Readable | None) -> str:
    """ "Prompts and reasoning can be searched", "Prompts can be searched, reasoning in 500,000 of 2,700,000
    rows"; "" where nothing can be."""
    if dataset is None:
        return ""
    found = _by_rows(dataset.covered)
    said = ", ".join(
        _of_parts(parts, rows, dataset.rows, not place) for place, (rows, parts) in enumerate(found)
    )
    return said[:1].upper() + said[1:]


def _by_rows(covered: Mapping[str, int]) -> list[tuple[int, list[str]]]:
    """The parts that can be searched in some rows, those together that can be in as many."""
    there = [(part, rows) for part, rows in covered.items() if rows]
    groups = groupby(there, key=lambda each: each[1])
    return [(rows, [part for part, _ in some]) for rows, some in groups]


def _of_parts(parts: list[str], rows: int, of: int, first: bool) -> str:
    can = " can be searched" if first else ""
    return f"{listed(parts)}{can}" + (f" in {rows:,} of {of:,} rows" if rows < of else "")


def listed(parts: list[str]) -> str:
    """Names of parts: "prompts, reasoning and answers"."""
    names = [_NAMES.get(part, part) for part in parts]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def mark(dataset: Readable) -> str:
    """What changes as soon as more rows can be searched; "" where what can be, can be in all of them."""
    found = [rows for rows in dataset.covered.values() if rows]
    return str(sum(found)) if any(rows < dataset.rows for rows in found) else ""
