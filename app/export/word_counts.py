"""How many words some rows have, part by part: what is to be trained on."""

import numpy as np
import pyarrow.compute as pc

from ..search.dataset import Dataset
from ..store.schema import PARTS
from .stream import Rows


def word_counts(dataset: Dataset, rows: Rows) -> dict[str, int]:
    """The words of prompts, reasoning and answers of some rows, in any order."""
    if not len(rows):
        return dict.fromkeys(PARTS, 0)
    names = {part: f"{part}_words" for part in PARTS}
    found = dataset.signals_of(np.sort(rows), list(names.values()))
    return {part: pc.sum(found[name]).as_py() or 0 for part, name in names.items()}
