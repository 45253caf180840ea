"""The page that somebody wanted before a login, as an address of this site less its front. Pure.

Whatever could lead elsewhere is left out, and the front page is meant.
"""

import re
from urllib.parse import quote, urlsplit

from starlette.types import Scope

LONGEST = 4_000  # characters
# One slash and no other, no backslash (which browsers take for one), nothing that they would drop.
_LOCAL = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
_OWN = re.compile(r"/log(?:in|out)(?:[/?#]|$)")


def local(text: str) -> str:
    """The address where it is one of this site's pages; "" where it is none, or the front page."""
    if len(text) > LONGEST or not _LOCAL.fullmatch(text) or _OWN.match(text):
        return ""
    return "" if text == "/" else text


def asked(scope: Scope, front: str) -> str:
    """The address of a request, percent-encoded as it was sent."""
    raw = scope.get("raw_path") or quote(scope["path"], errors="replace").encode()
    path, query = raw.decode("latin-1"), scope["query_string"].decode("latin-1")
    return local(_behind(path, front) + (f"?{query}" if query else ""))


def around(current: str, front: str) -> str:
    """The address of the page that htmx says it is on."""
    try:
        parts = urlsplit(current)
    except ValueError:
        return ""
    return local(_behind(parts.path, front) + (f"?{parts.query}" if parts.query else ""))


def _behind(path: str, front: str) -> str:
    return path.removeprefix(front) if f"{path}/".startswith(f"{front}/") else path
