"""How parts begin: their commonest first words."""

from collections.abc import Iterator

from ...store.schema import PARTS
from .asking import Asking
from .figures import Opening, Openings

SHOWN = 8


def openings(asking: Asking) -> Iterator[Openings]:
    """The commonest beginnings of each part."""
    for part in PARTS:
        tally = asking.openings(part)
        found = tuple(Opening(*each) for each in tally.commonest(SHOWN))
        yield Openings(part, found, tally.distinct, tally.nulls)
