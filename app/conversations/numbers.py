"""Numbers as their types hold them: what a type's ends are, and what a number typed means in it. Pure.

Integers and decimals are kept exactly. A number of float32 or float16 is kept and shown as its shortest
digits that read back to it, 0.1 and not 0.10000000149011612: a number typed is rounded to the type and
taken as those digits too, so that what is shown is what is found. Different numbers of a type have
different digits, in the same order.
"""

import math
import re
from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .arrow import is_list

Number = int | float | Decimal

DOUBLE, FLOAT32, FLOAT16, HUGE = "double", "float32", "float16", "hugeint"

_INTEGERS = {
    f"{sign}int{bits}": ((0, 2**bits - 1) if sign else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1))
    for bits in (8, 16, 32, 64)
    for sign in ("", "u")
}
_DECIMAL = re.compile(r"decimal\((\d+), (\d+)\)")
_BEYOND = {FLOAT16: 65_520, FLOAT32: 2**128 - 2**103}  # from here on they round to an infinity
_EXACT = Context(prec=100)  # more digits than any type has


def name_of(kind: pa.DataType) -> str:
    """The name of the type that holds the numbers of an Arrow type, or of its lists; "" for others."""
    if is_list(kind):
        return name_of(kind.value_type)
    if pa.types.is_integer(kind):
        return str(kind)
    if is_short(kind):
        return FLOAT16 if pa.types.is_float16(kind) else FLOAT32
    if pa.types.is_decimal(kind):
        fits = kind.precision <= 38 and 0 <= kind.scale <= kind.precision
        return f"decimal({kind.precision}, {kind.scale})" if fits else DOUBLE
    return DOUBLE if pa.types.is_floating(kind) else ""


def common(names: Iterable[str]) -> str:
    """The type that holds the numbers of all these types."""
    given = {name for name in names if name}
    if len(given) < 2:
        return next(iter(given), "")
    if given <= _INTEGERS.keys():
        low, high = (min(_INTEGERS[n][0] for n in given), max(_INTEGERS[n][1] for n in given))
        return next((n for n, own in _INTEGERS.items() if own[0] <= low and high <= own[1]), HUGE)
    return FLOAT32 if given == {FLOAT16, FLOAT32} else DOUBLE


def is_short(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds floats that are shown by their shortest digits."""
    return bool(pa.types.is_float32(kind) or pa.types.is_float16(kind))


def ends(name: str) -> tuple[Number, Number]:
    """The least and the highest finite number of a type."""
    if name in _INTEGERS:
        return _INTEGERS[name]
    if name == HUGE:
        return -(2**63), 2**64 - 1
    if found := _DECIMAL.fullmatch(name):
        most = Decimal(10 ** int(found[1]) - 1).scaleb(-int(found[2]), _EXACT)
        return -most, most
    most_of = {FLOAT32: 3.4028235e38, FLOAT16: 65_500.0}.get(name, float(np.finfo(np.float64).max))
    return -most_of, most_of


def taken(name: str, number: Decimal) -> tuple[Number, Number]:
    """The least number of a type that is not below this one, and the highest not above it.

    They are the same where the type has the number, as one of floats always does: it is rounded. An
    infinity stands for what is beyond the type.
    """
    least, most = ends(name)
    if name in (DOUBLE, FLOAT32, FLOAT16):
        rounded = _rounded(name, number)
        return max(rounded, float(least)), min(rounded, float(most))
    if number > most:
        return math.inf, most
    if number < least:
        return least, -math.inf
    found = _DECIMAL.fullmatch(name)
    step = Decimal(1).scaleb(-int(found[2]) if found else 0, _EXACT)
    above = number.quantize(step, ROUND_CEILING, _EXACT)
    below = number.quantize(step, ROUND_FLOOR, _EXACT)
    return (above, below) if found else (int(above), int(below))


def nearest(name: str, edge: float) -> float:
    """A number cut to the range of a type, and rounded to it where it is one of floats."""
    least, most = ends(name)
    if name in (FLOAT32, FLOAT16):
        edge = _rounded(name, Decimal(edge))
    return min(max(edge, _plain(least)), _plain(most))


def beside(name: str, number: float, towards: float) -> float:
    """The next number of a type, or of doubles where it is one of decimals; itself at the type's end."""
    least, most = ends(name)
    if number >= most if towards > 0 else number <= least:
        return number
    if isinstance(number, int):
        return number + (1 if towards > 0 else -1)
    if name not in (FLOAT32, FLOAT16):
        return math.nextafter(number, towards)
    kind = np.float32 if name == FLOAT32 else np.float16
    return float(str(np.nextafter(kind(number), kind(towards))))


def _plain(end: Number) -> float:
    return float(end) if isinstance(end, Decimal) else end


def outward(digits: str, towards: float) -> float:
    """The double of a number's digits, or the next one where that falls short of the number."""
    number = float(digits)
    said, exact = Decimal(repr(number)), Decimal(digits)  # a filter by it means what is written
    short = said < exact if towards > 0 else said > exact
    return math.nextafter(number, towards) if short else number


def _rounded(name: str, number: Decimal) -> float:
    """The nearest number of a type of floats, as its shortest digits."""
    if name == DOUBLE:
        return float(number)
    if abs(number) >= _BEYOND[name]:
        return math.copysign(math.inf, number)
    if name == FLOAT16:
        return float(str(np.float16(float(number))))
    exact = pa.array([str(number)], pa.string())  # straight from digits: by way of a double it is
    short: float = shortest(pc.cast(exact, pa.float32()))[0].as_py()  # rounded twice
    return short


def shortest(numbers: pa.Array) -> pa.Array:
    """float32 or float16 numbers as the doubles that their shortest digits say."""
    if pa.types.is_float16(numbers.type):  # whose digits Arrow writes as those of a double
        digits = numbers.to_numpy(zero_copy_only=False).astype(str)
        return pc.if_else(numbers.is_null(), None, pa.array(digits.astype(np.float64)))
    return pc.cast(pc.cast(numbers, pa.string()), pa.float64())


def digits_of(kind: pa.DataType) -> Callable[[object], object]:
    """What makes one number of such a type, as Python has it, into what its shortest digits say."""
    exact = np.float16 if pa.types.is_float16(kind) else np.float32
    return lambda value: None if value is None else float(str(exact(value)))  # type: ignore[arg-type]
