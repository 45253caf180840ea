"""Whether a request that changes something was made by a page of this site.

A browser says where a request is from (``Sec-Fetch-Site``, to hosts that it trusts) or of whom (``Origin``);
a program says neither, and has no cookie that a foreign page could use.
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from ..errors import ThinklensError

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_OWN = ("same-origin", "none")  # none: typed or opened by the reader
_PORTS = {"http": 80, "https": 443}


class Foreign(ThinklensError):
    """A request that a page of another site has made."""

    status = 403
    code = "foreign"

    def __init__(self) -> None:
        super().__init__(
            "this was sent by a page of another site; a proxy has to pass Host as it is"
        )


def check_origin(request: Request) -> None:
    """Of a request that may change something. Raises Foreign."""
    if request.method in SAFE:
        return
    sites, origins = (request.headers.getlist(each) for each in ("sec-fetch-site", "origin"))
    if sites:
        own = all(each in _OWN for each in sites)
    else:
        own = all(_same(each, request.headers.get("host", "")) for each in origins)
    if not own:
        raise Foreign


def _same(origin: str, host: str) -> bool:
    """Whether an origin is the host that was asked; its scheme may be a proxy's."""
    try:
        parts = urlsplit(origin)
        usual = _PORTS[parts.scheme]
        asked = urlsplit(f"{parts.scheme}://{host}")
        given = (parts.hostname, parts.port or usual)
        return bool(parts.hostname) and given == (asked.hostname, asked.port or usual)
    except (KeyError, ValueError):
        return False
