"""What a form with a file sends (multipart/form-data, RFC 7578), read as a whole."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from ...errors import InvalidInput, TooLarge
from ..bounds import LARGEST_FORM

_BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary="?([^";,\s]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb'[;\s]name="([^"\r\n]*)"')
_LONGEST_NAME = 40
_FILE = re.compile(rb'[;\s]filename="([^"\r\n]*)"')


@dataclass(frozen=True)
class Sent:
    """One field: its text or the bytes of its file, and that file's name, "" for a text."""

    content: bytes
    file: str = ""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace").strip()


def named_by(file: str) -> str:
    """What a benchmark of a file is called that was given no name: what the file's name has of letters,
    digits, - and _ before its first dot; "" where that is nothing."""
    stem = file.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    return re.sub(r"[^A-Za-z0-9_-]+", "-", stem)[:_LONGEST_NAME].strip("-_")


async def whole(stream: AsyncIterator[bytes]) -> bytes:
    """A body. Raises TooLarge."""
    pieces, size = [], 0
    async for piece in stream:
        size += len(piece)
        if size > LARGEST_FORM:
            raise TooLarge(f"the form has more than {LARGEST_FORM:,} bytes: use the command line")
        pieces.append(piece)
    return b"".join(pieces)


def fields(content_type: str, body: bytes) -> dict[str, Sent]:
    """The fields of a form by name, the first of each. Raises InvalidInput where it is none."""
    said = _BOUNDARY.match(content_type.strip())
    if said is None:
        raise InvalidInput("the form is not multipart/form-data")
    mark = b"--" + said[1].encode()
    found: dict[str, Sent] = {}
    for part in (b"\r\n" + body).split(b"\r\n" + mark)[1:]:
        if part.startswith(b"--"):
            return found
        head, _, content = part.partition(b"\r\n\r\n")
        name, file = _NAME.search(head), _FILE.search(head)
        if name is not None:
            called = file[1].decode("utf-8", "replace") if file else ""
            found.setdefault(name[1].decode("utf-8", "replace"), Sent(content, called))
    raise InvalidInput("the form is cut short")
