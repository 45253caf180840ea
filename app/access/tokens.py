"""Named tokens: who may ask, and what for. Pure but for the reading of their file.

A file has a line ``NAME:read|write:SECRET`` for each; empty lines and those that begin with ``#`` say
nothing. No sentence, and no ``repr``, has a secret or a part of one.
"""

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes

from ..errors import InvalidInput

READ, WRITE = "read", "write"
SHORTEST, LONGEST = 16, 256  # characters of a secret
MOST = 1_000  # tokens: each request with a secret is compared with all of them
LARGEST_FILE = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECRET = re.compile(r"[\x21-\x7e]*")  # what a header can carry and a keyboard has


@dataclass(frozen=True)
class Token:
    """A token: its name, whether it may READ or WRITE, its secret."""

    name: str
    may: str
    secret: str = field(repr=False)


class Tokens:
    """Those of one server; without any, nobody is asked for one."""

    def __init__(self, tokens: Iterable[Token] = ()) -> None:
        self._salt = token_bytes(32)
        self._by_name = {each.name: each for each in tokens}
        self._hashed = [(each, self.hashed(each.secret)) for each in self._by_name.values()]

    def __len__(self) -> int:
        return len(self._hashed)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._by_name)

    def hashed(self, secret: str) -> bytes:
        """What stands for a text that may be a secret, in this process alone."""
        return blake2b(secret.encode("utf-8", "replace"), key=self._salt, digest_size=32).digest()

    def of(self, secret: str) -> Token | None:
        """The token that has this secret. All are compared, each in the same time."""
        given, found = self.hashed(secret), None
        for token, hashed in self._hashed:
            if hmac.compare_digest(hashed, given):
                found = token
        return found

    def named(self, name: str) -> Token | None:
        """The token of a name."""
        return self._by_name.get(name)


def read_file(path: Path) -> list[Token]:
    """The tokens of a file. Raises InvalidInput with a sentence that names the line."""
    try:
        with path.open("rb") as file:
            written = file.read(LARGEST_FILE + 1)
        text = written.decode("utf-8-sig")
    except OSError as error:
        raise InvalidInput(
            f"the tokens file {path} cannot be read: {error.strerror or error}"
        ) from None
    except UnicodeDecodeError:
        raise InvalidInput(f"the tokens file {path} is no text in UTF-8") from None
    if len(written) > LARGEST_FILE:
        raise InvalidInput(f"the tokens file {path} has more than {LARGEST_FILE:,} bytes")
    found = unlike([*_tokens(str(path), text)])
    if not found:
        raise InvalidInput(f"the tokens file {path} names no token: a line is NAME:read:SECRET")
    return [token for _, token in found]


def token_of(name: str, may: str, secret: str, where: str) -> Token:
    """A token whose name and secret can be taken. Raises InvalidInput that begins with ``where``."""
    if not _NAME.fullmatch(name):
        raise InvalidInput(f"{where}: a name has up to 64 letters, digits, '.', '-' and '_'")
    if may not in (READ, WRITE):
        raise InvalidInput(f"{where}: what stands behind the name is read or write")
    if not secret:
        raise InvalidInput(f"{where}: the secret is empty")
    if not _SECRET.fullmatch(secret):
        raise InvalidInput(f"{where}: a secret has no spaces and only ASCII characters")
    if not SHORTEST <= len(secret) <= LONGEST:
        raise InvalidInput(
            f"{where}: a secret has {SHORTEST} to {LONGEST} characters, this one has {len(secret)}"
        )
    return Token(name, may, secret)


Placed = tuple[str, Token]  # where it was said, and what


def unlike(placed: list[Placed]) -> list[Placed]:
    """The same where no two share a name or a secret. Raises InvalidInput."""
    if len(placed) > MOST:
        raise InvalidInput(f"there are {len(placed):,} tokens; at most {MOST:,} are taken")
    names: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for where, token in placed:
        if before := names.get(token.name):
            raise InvalidInput(f"{where}: the name {token.name!r} is that of {before} too")
        if before := secrets.get(token.secret):
            raise InvalidInput(f"{where}: the secret is that of {before} too")
        names[token.name] = secrets[token.secret] = where
    return placed


def _tokens(path: str, text: str) -> Iterator[Placed]:
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        where = f"{path}, line {number}"
        parts = said.split(":", 2)
        if len(parts) < 3:
            raise InvalidInput(f"{where}: a line is NAME:read:SECRET or NAME:write:SECRET")
        name, may, secret = map(str.strip, parts)
        yield where, token_of(name, may, secret, where)
