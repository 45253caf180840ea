"""Rows found by an id, or by the digest of a long text, in files of sorted keys."""

from collections.abc import Sequence
from functools import partial

from ...store import keys
from ...store.integrity import Integrity
from ...store.schema import keys_file
from ..request.filters import NULL, Filter
from .row_sets import Integers


class KeyedRows:
    """The files of keys of an index; None is given where it has none that could tell. All methods may be
    called from several threads."""

    def __init__(self, integrity: Integrity) -> None:
        self._integrity = integrity

    def identified(self, column: str, identity: str) -> Integers | None:
        """The rows of an id."""
        return self._rows(column, keys.of_text(identity))

    def kept(self, filters: Sequence[Filter]) -> Integers | None:
        """The rows that the filters of one field leave, where that is one of a long text."""
        only = filters[0]
        if len(filters) > 1 or only.exclude or not only.field.digest:
            return None
        key = keys.NULL if only.kind == NULL else bytes.fromhex(str(only.low))
        return self._rows(only.field.column, key)

    def _rows(self, column: str, key: bytes) -> Integers | None:
        file = keys_file(column)
        if not self._integrity.has(file):
            return None
        return keys.rows_of(partial(self._integrity.file, file), key)
