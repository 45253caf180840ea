"""Who may ask a server: the tokens that it is started with, and where it does not start without."""

import ipaddress
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ..access.tokens import WRITE, Tokens, read_file, token_of, unlike
from ..config import Settings
from ..errors import InvalidInput

VARIABLE = "THINKLENS_ACCESS_TOKEN"
OWN_NAME = "access"  # of the token of the environment
NAMED = 5  # tokens that a line names
OTHERS = 0o006  # of a file's mode: what the machine's other users may do with it


def tokens_of(settings: Settings) -> Tokens:
    """The tokens of a server. Raises InvalidInput for one that could be reached by others without."""
    placed = []
    if settings.tokens is not None:
        placed += [(f"{settings.tokens}", each) for each in read_file(settings.tokens)]
    if settings.access_token is not None:
        secret = settings.access_token.get_secret_value()
        placed.append((VARIABLE, token_of(OWN_NAME, WRITE, secret, VARIABLE)))
    if placed and settings.open:
        raise InvalidInput(
            "--open lets everybody ask, and tokens those who have one: say one of both"
        )
    if not placed and not settings.open and not is_loopback(settings.host):
        raise InvalidInput(
            f"{settings.host!r} can be reached from other machines: say who may ask by --tokens FILE or "
            f"{VARIABLE}, or let everybody by --open"
        )
    return Tokens(token for _, token in unlike(placed))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address that is listened on. A name but one may be any."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.casefold() == "localhost"


def said_of(settings: Settings, tokens: Tokens) -> Iterator[str]:
    """What the terminal is told of who may ask."""
    if settings.open and not is_loopback(settings.host):
        yield (
            f"warning: {settings.host} can be reached from other machines, and everybody there can "
            "read these datasets (--open)"
        )
    if tokens:
        more = f" and {len(tokens) - NAMED:,} more" if len(tokens) > NAMED else ""
        yield f"who asks needs a token: {', '.join(tokens.names[:NAMED])}{more}"
        if not is_loopback(settings.host):
            yield "warning: without TLS in front, tokens cross the network as they are"
    if settings.tokens is not None and _of_others(settings.tokens):
        yield f"warning: other users of this machine can read {settings.tokens}: chmod 600"


def _of_others(path: Path) -> bool:
    with suppress(OSError):  # read before, and taken away since
        return bool(path.stat().st_mode & OTHERS)
    return False
