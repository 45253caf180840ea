"""An export as an address asks for it."""

from collections.abc import Sequence
from pathlib import Path

from app.export.choice import Choice
from app.export.choice import parse as choice_of
from app.export.job import Export
from app.export.parameters import PARAMETERS as CHOICE
from app.search.dataset import Dataset


def export_of(dataset: Dataset, folder: Path, pairs: Sequence[tuple[str, str]]) -> Export:
    """The export of these parameters."""
    query = dataset.query([pair for pair in pairs if pair[0] not in CHOICE])
    choice: Choice = choice_of([pair for pair in pairs if pair[0] in CHOICE])
    return Export.of(dataset, query, choice, folder)
