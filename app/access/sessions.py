"""Sessions: what a browser holds instead of a secret. Pure.

A session names its token and when it began, under a mark that only the token's secret can make. Nothing of
it is kept here: it lasts over a restart, and ends with its token, or with another secret of that.
"""

import hmac
from hashlib import blake2b, sha256

from .tokens import Token, Tokens

LIFE = 30 * 24 * 3600  # seconds
AHEAD = 300  # seconds that another clock, before a restart, may have been ahead
LONGEST = 200  # characters


def begun(token: Token, now: float) -> str:
    """The session of a token that begins at ``now``, in seconds since 1970."""
    said = f"{token.name}.{int(now)}"
    return f"{said}.{_mark(token, said)}"


def holder(session: str, tokens: Tokens, now: float) -> Token | None:
    """The token of a session that is one and has not ended."""
    said, _, mark = session.rpartition(".")
    name, _, began = said.rpartition(".")
    token = tokens.named(name) if len(session) <= LONGEST and session.isascii() else None
    if token is None or not hmac.compare_digest(mark, _mark(token, said)):
        return None
    return token if -AHEAD <= now - int(began) < LIFE else None


def _mark(token: Token, said: str) -> str:
    key = blake2b(token.secret.encode(), person=b"session", digest_size=32).digest()
    return hmac.new(key, said.encode(), sha256).hexdigest()
