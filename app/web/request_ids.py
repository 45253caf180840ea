"""The id of a request: in its response, in what is told of its errors, in each line of the log.

One that the caller gives is taken over, so that a proxy's log and ours name the same; else it is made.
"""

import re
from contextvars import ContextVar
from secrets import token_hex

HEADER = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9._:=+/@-]{1,128}")
_OWN: ContextVar[str] = ContextVar(
    "request_id", default=""
)  # of the request that is being answered


def request_id() -> str:
    """The id of the request that is being answered; "" outside of one."""
    return _OWN.get()


def begin(given: str) -> str:
    """The id of a request that begins: what its caller gave where that is sane."""
    made = given if _SANE.fullmatch(given) else token_hex(8)
    _OWN.set(made)
    return made
