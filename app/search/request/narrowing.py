"""What narrows a query besides its search and filters: rows picked by hand, rows like one, a sample. Pure.

Light, since options of the command line are made of these rows. What of it depends on all rows is bound
where all of them are known (``search/bound.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import InvalidInput
from .parameter import SELECTS, Parameter, whole

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ...conversations.fields import Field

    Rows = npt.NDArray[np.int64]
    Keys = npt.NDArray[np.uint64]

MOST_ROWS = 1_000  # that are picked by hand
LONGEST_SEED = 64  # characters

_row = whole(0)
_size = whole(1)


@dataclass(frozen=True)
class Sample:
    """The first ``size`` rows of the random order of a seed. ``last``: the key in that order of the last one
    that is in; None as long as nobody has asked all rows."""

    size: int
    seed: str
    last: int | None = None

    @property
    def text(self) -> str:
        """As an address says it."""
        return f"{self.size}:{self.seed}"

    def of(self, rows: "Rows", keys: "Keys") -> "Rows":
        """Those of some rows that are in, by their keys in its random order."""
        return rows[keys <= (self.last or 0)]


def _seed_of(name: str, text: str) -> str:
    """A seed. Raises InvalidInput."""
    from .language import check_text

    if not 1 <= len(text) <= LONGEST_SEED:
        raise InvalidInput(f"'{name}' takes a seed of 1 to {LONGEST_SEED} characters")
    return check_text(name.partition("=")[0], text)


def rows_of(name: str, text: str, fields: "Mapping[str, Field]") -> tuple[int, ...]:
    """Rows parted by commas, each once, rising."""
    given = [each.strip() for each in text.split(",")]
    rows = sorted({_row(f"each of {name}", each, fields) for each in given if each})
    if len(rows) > MOST_ROWS:
        raise InvalidInput(f"'{name}' names {len(rows):,} rows; at most {MOST_ROWS:,} are taken")
    if not rows:
        raise InvalidInput(f"'{name}' names no row; write it as 3,17,40")
    return tuple(rows)


def _sample(name: str, text: str, fields: "Mapping[str, Field]") -> Sample:
    size, colon, seed = text.partition(":")
    if not colon:
        raise InvalidInput(f"'{name}' is how many rows and a seed, as 50:monday; not {text[:40]!r}")
    return Sample(_size(f"N of {name}", size, fields), _seed_of(f"{name}=N:SEED", seed))


def joined(rows: tuple[int, ...]) -> str:
    """Rows as an address says them."""
    return ",".join(map(str, rows))


def _text(sample: Sample) -> str:
    return sample.text


PARAMETERS = (
    Parameter(
        "rows",
        f"Only these rows, picked by hand and parted by commas, at most {MOST_ROWS:,}.",
        "3,17,40",
        SELECTS,
        rows_of,
        (),
        joined,
        held="picked",
    ),
    Parameter(
        "like",
        "Only rows like this one: that share one of its 20 rarest words, in the part of in.",
        "17",
        SELECTS,
        _row,
        None,
    ),
    Parameter(
        "sample",
        "Of what is found a random sample N:SEED, the first N of random:SEED.",
        "50:monday",
        SELECTS,
        _sample,
        None,
        _text,
    ),
)
