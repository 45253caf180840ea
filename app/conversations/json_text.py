"""JSON in a text: the one parser, by one rule for all who meet it.

Lists and objects are taken apart down to ``DEEPEST`` levels. NaN and the infinities, which Python
writes, are null; half a surrogate pair is U+FFFD; a number that Python would round or has no room for
is ``Digits``, exact to the last one. What does not parse is ``NOT_JSON``, and its caller says so.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Final, Literal

import orjson

DEEPEST = 200  # levels; what is deeper counts as not parsed
MOST_OPENED = 1_000_000  # brackets of a text that is taken apart


class Digits(str):
    """A number as it is written, where no number of Python says the same."""


class Constant(str):
    """NaN or an infinity as it is written; only asked for where text is shown."""


class _NotJson(Enum):
    NOT_JSON = "not JSON"


NOT_JSON: Final = _NotJson.NOT_JSON

# What takes longer to read: a number that may be rounded, and half a surrogate pair.
_LOOKS = bytes.maketrans(b"123456789.E", b"0000000000e")  # every digit alike
_LONG = (b"0" * 16, b"0e")
_MOST_DIGITS = 400
_IN_NUMBERS = frozenset(b"+-.0123456789eE")
_SMALLEST = sys.float_info.min  # below it a double has fewer places
_SURROGATES = re.compile("[\ud800-\udfff]")


# Told of what was not as it should be: "json" for a text that is none, "surrogate" for half a pair.
Tell = Callable[[str], None]


def parsed(text: str, tell: Tell = lambda _: None) -> object | Literal[_NotJson.NOT_JSON]:
    """What a text of JSON holds, as values of Python; ``NOT_JSON`` where it is none."""
    found = _parsed(text, tell)
    if found is NOT_JSON:
        tell("json")
    return found


def _parsed(text: str, tell: Tell) -> object:
    opened = text.count("[") + text.count("{")
    if opened > MOST_OPENED:
        return NOT_JSON
    found: object
    try:
        found = orjson.loads(text)
        if rounds(text.encode()):
            found = json.loads(text, parse_int=_integer, parse_float=_fraction)
    except orjson.JSONDecodeError:
        found = _as_python_writes(text, tell)
    except (ValueError, RecursionError):
        return NOT_JSON
    return NOT_JSON if opened > DEEPEST and _too_deep(found) else found


def as_written(text: str) -> object | Literal[_NotJson.NOT_JSON]:
    """The same to be shown: every number is ``Digits``, every constant ``Constant``. What would lose a
    character by being taken apart, a key that stands twice, is ``NOT_JSON``."""
    opened = text.count("[") + text.count("{")
    if opened > MOST_OPENED:
        return NOT_JSON
    try:
        found = json.loads(
            text,
            parse_int=Digits,
            parse_float=Digits,
            parse_constant=Constant,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError):
        return NOT_JSON
    return NOT_JSON if opened > DEEPEST and _too_deep(found) else found


def parsed_object(value: object) -> dict[str, object] | None:
    """The object in a JSON text, a map or a struct; None where there is none."""
    found = parsed(value) if isinstance(value, str) else value
    return {str(key): item for key, item in found.items()} if isinstance(found, dict) else None


def value_or_text(value: object) -> object:
    """What a text of JSON holds, other values as they are; a text that is none stays the text."""
    if not isinstance(value, str):
        return value
    found = parsed(value)
    return value if found is NOT_JSON else found


def written(value: object, indent: bool = False) -> str:
    """A value as JSON text, ``Digits`` by their digits; what JSON has no form for as text."""
    options = orjson.OPT_PASSTHROUGH_SUBCLASS | (orjson.OPT_INDENT_2 if indent else 0)
    return orjson.dumps(value, default=plain, option=options).decode()


def plain(value: object) -> object:
    """The form of a value that orjson does not write itself: for its ``default``, with
    ``OPT_PASSTHROUGH_SUBCLASS``."""
    if isinstance(value, Digits):
        return orjson.Fragment(value.encode())
    return str(value)


def _as_python_writes(text: str, tell: Tell) -> object:
    """JSON with what only Python takes in it: NaN, half a surrogate pair."""
    try:
        found = json.loads(
            text.removeprefix("\ufeff"),
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=lambda _: None,
        )
    except (ValueError, RecursionError):
        return NOT_JSON
    if not _too_deep(found) and _has_surrogate(found):
        tell("surrogate")
        return mended(found)
    return found


def rounds(raw: bytes) -> bool:
    """Whether some number in a JSON text may be another one as a value of Python, or has no room there."""
    looks = raw.translate(_LOOKS)
    return any(_rounds_at(raw, place) for mark in _LONG for place in _places(looks, mark))


def _places(raw: bytes, mark: bytes) -> Iterator[int]:
    """Where a mark stands, each run of it once."""
    place = raw.find(mark)
    while place >= 0:
        yield place
        end = place + len(mark)
        while raw[end : end + 1] == mark[-1:]:
            end += 1
        place = raw.find(mark, end)


def _rounds_at(raw: bytes, place: int) -> bool:
    """Whether the number that goes over a place is one that Python would round."""
    start = end = place
    while start and raw[start - 1] in _IN_NUMBERS and place - start < _MOST_DIGITS:
        start -= 1
    while end < len(raw) and raw[end] in _IN_NUMBERS and end - place < _MOST_DIGITS:
        end += 1
    if end - start >= _MOST_DIGITS:  # not looked at any closer
        return True
    digits = raw[start:end].decode()
    try:
        found = _integer(digits) if digits.removeprefix("-").isdigit() else _fraction(digits)
    except ValueError:  # no number, within a text
        return False
    return isinstance(found, Digits)


def _integer(digits: str) -> int | Digits:
    """An integer, as its digits where it has more than 64 bits."""
    number = int(digits) if len(digits) <= 20 else 2**64
    return number if -(2**63) <= number < 2**64 else Digits(digits)


def _fraction(digits: str) -> float | Digits:
    """A number with a fraction or an exponent, as its digits where a double is another number."""
    number = float(digits)
    return Digits(digits) if number - number != 0 or _rounded(digits, number) else number


def _rounded(digits: str, number: float) -> bool:
    """Whether a double is another number than its digits say. Short ones come back from it, but for
    those too small for all its places."""
    if len(digits) <= 15 and abs(number) >= _SMALLEST:
        return False
    try:
        return Decimal(digits) != Decimal(repr(number))
    except InvalidOperation:  # an exponent for which even Decimal has no room
        return True


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _has_surrogate(value: object) -> bool:
    """Whether half a surrogate pair stands in a text of the value, or in a key."""
    if isinstance(value, str):
        return bool(_SURROGATES.search(value))
    if isinstance(value, dict) and any(_SURROGATES.search(key) for key in value):
        return True
    return any(_has_surrogate(inner) for inner in _inner(value))


def mended(value: object) -> object:
    """The value with each half of a surrogate pair replaced."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value) if _SURROGATES.search(value) else value
    if isinstance(value, dict):
        return {mended(key): mended(item) for key, item in value.items()}
    return [mended(item) for item in value] if isinstance(value, list) else value


def _inner(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep(value: object) -> bool:
    """Whether lists and objects stand deeper in each other than ``DEEPEST``."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return False
    return True
