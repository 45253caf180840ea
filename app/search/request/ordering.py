"""What rows can be ordered by, besides relevance and their own order: a field, in either direction, or
chance. Pure.
"""

from collections.abc import Mapping

from ...conversations.fields import BOOLEAN, DATE, INTEGER, NUMBER, TEXT, Field
from ...errors import InvalidInput
from ...store.schema import LONGEST_VALUE
from .language import check_text

RANDOM = "random:"


def ordered(name: str, text: str, fields: Mapping[str, Field]) -> str:
    """A random order or a field, as the parameter ``name`` says it. Raises InvalidInput."""
    if text.startswith(RANDOM):
        seed = check_text(name, text.removeprefix(RANDOM))
        if not 1 <= len(seed) <= 64:
            raise InvalidInput(f"'{name}=random:SEED' takes a seed of 1 to 64 characters")
        return text
    field = fields.get(sort_field(text))
    if field is None:
        raise InvalidInput(f"there is no field {sort_field(text)!r} to {name} by")
    if not sortable(field):
        raise InvalidInput(
            f"'{field.name}' cannot be sorted by: only numbers, dates, true or false and texts of "
            f"at most {LONGEST_VALUE} characters can"
        )
    return text


def sort_field(sort: str) -> str:
    """The name of the field in a sort."""
    return sort.removeprefix("-")


def sortable(field: Field) -> bool:
    """Whether results can be sorted by a field."""
    if field.kind == TEXT:
        return field.longest <= LONGEST_VALUE and not field.digest
    return field.kind in (INTEGER, NUMBER, DATE, BOOLEAN) and bool(field.column)
