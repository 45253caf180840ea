"""How a dataset is read, and what of it was not understood, as people say it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..conversations.source import Source
from ..search.results import NotUnderstood

SHOWN = 3  # things in the line that is folded; all of them are below it
_MOST = 100

_KINDS = {
    "role": "role",
    "key": "key",
    "json": "JSON that does not parse in",
    "tool": "tool",
    "surrogate": "half a character in",
    "tag": "tag left in answers",
}


@dataclass(frozen=True)
class ReadAs:
    """``said`` is the sentence in pieces, and of each whether it is a name of the source; ``line`` the
    commonest things that were not understood, ``more`` all of them where the line is not enough."""

    said: tuple[tuple[str, bool], ...]
    line: str
    more: tuple[str, ...]


def read_as(source: Source, not_understood: Sequence[NotUnderstood]) -> ReadAs:
    """The words for a dataset; files that are read otherwise than the first are said too."""
    pieces = source.read_as.split("`")
    said = tuple((text, place % 2 == 1) for place, text in enumerate(pieces) if text)
    found = [*map(_words, not_understood[:_MOST])]
    left = len(not_understood) - SHOWN
    line = ", ".join(found[:SHOWN]) + (f" and {left:,} more" if left > 0 else "")
    return ReadAs(said, line, tuple(_all(found, len(not_understood))) if left > 0 else ())


def _words(each: NotUnderstood) -> str:
    """'role "critic" in 12 rows'."""
    if each.kind == "file":
        return f"file \u201c{each.name}\u201d"
    if each.kind == "line":
        return f"{each.count:,} line{'' if each.count == 1 else 's'}, first \u201c{each.name}\u201d"
    rows = f"{each.rows:,} row{'' if each.rows == 1 else 's'}"
    return f"{_KINDS.get(each.kind, each.kind)} \u201c{each.name}\u201d in {rows}"


def _all(found: Sequence[str], count: int) -> Iterable[str]:
    yield from found
    if count > len(found):
        yield f"and {count - len(found):,} more, rarer ones"
