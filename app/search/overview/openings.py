"""How parts begin: their commonest first words."""

from collections.abc import Iterator

import numpy as np

from ...store.schema import PARTS
from .asking import Asking
from .figures import Opening, Openings

SHOWN = 8


def openings(asking: Asking) -> Iterator[Openings]:
    """The commonest beginnings of each part."""
    for part in PARTS:
        tally = asking.openings(part)
        order = np.argsort(-tally.counts, kind="stable")[:SHOWN].tolist()
        found = tuple(
            Opening(tally.values[n].as_py(), int(tally.counts[n])) for n in order if tally.counts[n]
        )
        yield Openings(part, found, tally.distinct, tally.nulls)
