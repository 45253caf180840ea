"""Cells by RFC 4180, parted by commas or tabs: a line of names, then a line a row; what is nested is
JSON in a cell.

Texts stand in quotes, a null is an empty cell without quotes. A text that a spreadsheet could take for
a formula gets a ``'`` in front, one that has ``'`` before such a beginning one more: taking the first
``'`` away from every text that matches ``GUARDED`` gives the text back.
"""

import re
from collections.abc import Generator, Sequence
from pathlib import Path

import orjson

from ..conversations import records
from ..conversations.source import Source
from .options import SEPARATE, SOURCE
from .shapes import Shaper
from .stream import Read, Rows, pieces

END = "\r\n"
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_. -]*")  # a name that no reader takes for another thing
GUARDED = re.compile("'*[=+\\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")


def columns(source: Source, shaper: Shaper) -> list[str]:
    """The names of the columns in order, those of all files."""
    beside = shaper.beside.names
    if shaper.shape != SOURCE:
        return [*(name for name, _ in shaper.types), *beside]
    names = dict.fromkeys(name for file in source.files for name in file.layout.columns)
    apart = [shaper.reasoning_column] if shaper.traces == SEPARATE else []
    return [*names, *apart, *beside]


def cells(
    source: Source, rows: Rows, repeats: bool, spool_dir: Path, shaper: Shaper, separator: str
) -> Generator[bytes, None, None]:
    """The lines of the sheet below its heading, in pieces of whole ones. ``repeats``: messages only
    repeat the rest."""
    names = columns(source, shaper)

    def made(read: Read, batch: list[dict[str, object]]) -> list[bytes]:
        return [line([record.get(name) for name in names], separator) for record in batch]

    yield from pieces(source, rows, repeats and shaper.shape != SOURCE, spool_dir, shaper, made)


def heading(names: Sequence[str], separator: str) -> bytes:
    """The line of names: a plain one is bare, which the simplest of readers can take."""
    return _line([name if PLAIN.fullmatch(name) else _quoted(name) for name in names], separator)


def line(values: Sequence[object], separator: str) -> bytes:
    """One line of cells."""
    return _line([cell(value) for value in values], separator)


def _line(cells: list[str], separator: str) -> bytes:
    if cells == [""]:  # an empty line is no row for some readers
        cells = ['""']
    return (separator.join(cells) + END).encode()


def cell(value: object) -> str:
    """A value as a cell: text in quotes, numbers and booleans bare, null nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _quoted(value)
    text = records.line({"": value})[4:-2].decode()
    if text == "null":  # NaN and infinities
        return ""
    if text.startswith('"'):
        said = orjson.loads(text)
        return said if _is_number(said) else _quoted(said)
    return _quoted(text) if text[0] in "[{" else text


def _is_number(text: str) -> bool:
    """Whether a text is a decimal's: a number can be no formula."""
    return re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]+)?", text) is not None


def _quoted(text: str) -> str:
    guard = "'" if GUARDED.match(text) else ""
    return f'"{guard}{text}"' if '"' not in text else '"' + guard + text.replace('"', '""') + '"'
