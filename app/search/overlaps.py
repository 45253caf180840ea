"""A dataset compared with a benchmark: what is found is kept beside its shards, and its fields can be
asked for at once, here and in every process that serves it.
"""

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from ..conversations.fields import BOOLEAN, INTEGER, NUMBER
from ..conversations.overlaps import LENGTH, LONGEST, NONE, Questions, Shares
from ..conversations.signals.overlaps import (
    BEGINNINGS,
    EQUAL,
    LONGER,
    NAME,
    QUESTION,
    SHARE,
)
from ..conversion.benchmark import Benchmark
from ..errors import Failed, InvalidInput, NotFound, OutOfSpace
from ..store import overlaps as stored
from ..store.field_rows import Row, of_all_rows
from ..store.overlaps import Compared, Overlap
from .dataset import Dataset
from .request.contamination import PRESETS
from .request.filters import parse
from .shard.deadline import Deadline
from .shard.row_sets import Integers
from .shard.shard import Shard
from .shards import Shards

SECONDS = 600.0  # that comparing takes at most
CHARACTERS = 2_000_000  # of prompts that are compared together
COLUMN = "overlaps."  # begins the name of a field's column, which no table of an index has
_FIELDS = ((SHARE, NUMBER, "histogram"), (QUESTION, INTEGER, ""), (LONGER, BOOLEAN, "values"),
           (EQUAL, BOOLEAN, "values"))  # fmt: skip


def checked(dataset: Dataset, name: str, length: int = LENGTH) -> None:
    """Raise InvalidInput for a name that no benchmark can have here, or for n-grams of no such length."""
    if not NAME.fullmatch(name):
        raise InvalidInput(
            f"{name[:60]!r} is no name of a benchmark: take at most 40 letters, digits, - and _"
        )
    for field in (f"{each}{name}" for each in BEGINNINGS):
        if field in dataset.fields and not dataset.fields[field].signal:
            raise InvalidInput(f"the dataset has a field {field!r}: take another name")
    if not 1 <= length <= LONGEST:
        raise InvalidInput(f"an n-gram has 1 to {LONGEST} words, not {length}")


def compare(
    dataset: Dataset,
    name: str,
    benchmark: Benchmark,
    length: int = LENGTH,
    seconds: float = SECONDS,
) -> Compared:
    """Compare all prompts with the questions of a benchmark and keep what is found under this name, in the
    place of what there was. Raises InvalidInput, NotReady where not all rows are indexed, and TookTooLong;
    then nothing is kept."""
    checked(dataset, name, length)
    shards, deadline = dataset.shards, Deadline(seconds)
    shards.check_whole(dataset.name)
    places = np.array([*benchmark.questions], np.int64)
    questions = Questions([*benchmark.questions.values()], length)
    found = shares(shards, questions, deadline)
    columns = _columns(found, places, name)
    compared = Compared(
        name, benchmark.file, benchmark.sha256, benchmark.columns, len(places), length
    )
    path = stored.path_of(*_where(dataset), name)
    fields, values = _rows(columns, name), _parted(shards, columns)
    with _kept():
        stored.write(path, compared, benchmark.questions, fields, values)
    dataset.look_again()
    return compared


@contextmanager
def _kept() -> Iterator[None]:
    """Turns the file system's refusals into a sentence."""
    try:
        yield
    except OSError as error:
        kind = OutOfSpace if error.errno in (errno.ENOSPC, errno.EDQUOT) else Failed
        raise kind(f"the data directory cannot be written: {error.strerror or error}") from error


def shares(shards: Shards, questions: Questions, deadline: Deadline) -> Shares:
    """What each row of the dataset has of some questions."""
    found = []
    for shard in shards.shards:
        for texts in _prompts(shard):
            deadline.left()
            found.append(questions.compare(texts, deadline.left))
    return Shares.together(found)


def _prompts(shard: Shard) -> Iterator[list[str]]:
    """The prompts of a shard, so many at a time."""
    some: list[str] = []
    size = 0
    for texts in shard.texts("prompt"):
        some += texts
        size += sum(map(len, texts))
        if size >= CHARACTERS:
            yield some
            some, size = [], 0
    if some:
        yield some


def _columns(found: Shares, places: Integers, name: str) -> dict[str, pa.Array]:
    """The columns of all rows by the names of their fields."""
    none = found.question == NONE
    questions = pa.array(places[np.where(none, 0, found.question)], pa.int64(), mask=none)
    arrays = (pa.array(found.share), questions, pa.array(found.long), pa.array(found.equal))
    return {f"{begins}{name}": each for (begins, *_), each in zip(_FIELDS, arrays, strict=True)}


def _rows(columns: dict[str, pa.Array], name: str) -> list[Row]:
    return [
        of_all_rows(
            f"{begins}{name}", kind, f"{COLUMN}{begins}{name}", columns[f"{begins}{name}"], facet
        )
        for begins, kind, facet in _FIELDS
    ]


def _parted(shards: Shards, columns: dict[str, pa.Array]) -> list[dict[str, pa.Array]]:
    """The columns of each shard."""
    bounds = accumulate((each.rows for each in shards.shards), initial=0)
    return [
        {f"{COLUMN}{name}": each.slice(low, high - low) for name, each in columns.items()}
        for low, high in pairwise(bounds)
    ]


def remove(dataset: Dataset, name: str) -> None:
    """Forget a benchmark. Raises NotFound where there is none of this name."""
    folder, _ = _where(dataset)
    with _kept():
        found = bool(NAME.fullmatch(name)) and stored.remove(folder, name)
    if not found:
        raise NotFound(f"{dataset.name!r} was not compared with {name[:60]!r}")
    dataset.look_again()


def former(dataset: Dataset) -> list[str]:
    """The names of benchmarks that only other states of the dataset were compared with."""
    return stored.former(*_where(dataset))


def overlap_of(dataset: Dataset, name: str) -> Overlap:
    """What the dataset has in common with a benchmark. Raises NotFound."""
    found = next((each for each in dataset.shards.overlaps if each.compared.name == name), None)
    if found is None:
        raise NotFound(f"{dataset.name!r} was not compared with {name[:60]!r}")
    return found


def _where(dataset: Dataset) -> tuple[Path, Sequence[str]]:
    """The folder of the dataset's shards, and their names."""
    return dataset.folders[0].parent, [each.name for each in dataset.folders]


def counts(dataset: Dataset, compared: Compared) -> dict[str, int]:
    """How many rows each rule finds, by its name."""
    filters = [parse(each.filter_of(compared.name), dataset.fields) for each in PRESETS]
    found = dataset.passing(dataset.query([]), filters)
    return dict(zip((each.name for each in PRESETS), found, strict=True))
