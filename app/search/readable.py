"""What a dataset can be asked by pages, whether its index stands or not."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ..conversations.fields import Field
from .request.filters import Filter
from .request.query import Query
from .results import Facets, Neighbours, Reading, Results


class Readable(Protocol):
    """A dataset as pages ask it. What needs a part of the index that does not stand raises NotReady;
    ``patience`` is how many seconds to wait for a reading of all texts."""

    @property
    def name(self) -> str: ...

    @property
    def rows(self) -> int: ...

    @property
    def partial(self) -> bool:
        """Whether these are only the first rows, of how many is not known yet."""
        ...

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields by name; none where the index does not know them yet."""
        ...

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that can be searched, in some rows at least."""
        ...

    @property
    def covered(self) -> Mapping[str, int]:
        """In how many rows each part can be searched."""
        ...

    def waiting(self, pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """The parameters of an address that have to wait for the index. Raises InvalidInput."""
        ...

    def search(self, query: Query, patience: float | None = None) -> Results:
        """One page of results. Raises NotFound for a page beyond the last."""
        ...

    def counts(self, queries: Sequence[Query]) -> tuple[int | None, ...]:
        """How many rows each query finds; None where that is not known in time."""
        ...

    def facets(
        self,
        query: Query,
        patience: float | None = None,
        names: Collection[str] | None = None,
    ) -> Facets:
        """The facets of a query: those of the ``names``, by default all, or the one that it names."""
        ...

    def passing(self, query: Query, also: Sequence[Filter]) -> list[int]:
        """How many of the rows that a query finds pass each of some filters besides."""
        ...

    def neighbours(
        self, query: Query, row: int, patience: float | None = None
    ) -> Neighbours | None:
        """Where a row stands among the results; None where it is not among them."""
        ...

    def reading(self, row: int, whole: bool = False) -> Reading:
        """One conversation. Raises NotFound for a row that is not there."""
        ...
