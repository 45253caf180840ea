"""Numbers and times that stand among texts: as such they have the same text in each type that holds them.
Pure.
"""

from datetime import datetime
from decimal import Decimal


def text(value: object) -> str:
    """The text of a value: 5, 5.0 and a decimal of 5.00 are "5", midnight is its day."""
    if isinstance(value, bool):
        return str(value).lower()
    said = str(value)
    if isinstance(value, datetime):
        return said.removesuffix(" 00:00:00")
    if isinstance(value, float | Decimal) and "." in said and "e" not in said.lower():
        return said.rstrip("0").rstrip(".")
    return said
