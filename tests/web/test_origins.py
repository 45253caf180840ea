"""Requests that change something are taken of this site's pages and of programs."""

import pytest
from starlette.requests import Request

from app.web.origins import Foreign, check_origin


def taken(method: str, **headers: str) -> bool:
    said = {"host": "lens.example.org:8000", **headers}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()]
    try:
        check_origin(Request({"type": "http", "method": method, "headers": pairs}))
    except Foreign:
        return False
    return True


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "Same-Origin"}, False),
        ({"sec_fetch_site": ""}, False),
        ({"sec_fetch_site": "cross-site", "origin": "http://lens.example.org:8000"}, False),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, True),
        ({"origin": "http://lens.example.org:8000"}, True),
        ({"origin": "https://lens.example.org:8000"}, True),
        ({"origin": "http://LENS.example.org:8000"}, True),
        ({"origin": "http://lens.example.org"}, False),
        ({"origin": "http://lens.example.org:8001"}, False),
        ({"origin": "http://other.example.org:8000"}, False),
        ({"origin": "http://lens.example.org.evil.example:8000"}, False),
        ({"origin": "http://evil.example:8000/lens.example.org:8000"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "file://"}, False),
        ({"origin": "ftp://lens.example.org:8000"}, False),
        ({"origin": "http://[::1"}, False),
        ({"origin": "http://lens.example.org:x"}, False),
        ({"origin": "https://lens.example.org", "host": "lens.example.org"}, True),
        ({"origin": "https://lens.example.org", "host": "lens.example.org:443"}, True),
        ({"origin": "http://lens.example.org:80", "host": "lens.example.org"}, True),
        ({"origin": "https://lens.example.org", "host": "lens.example.org:80"}, False),
        ({"origin": "http://[::1]:8000", "host": "[::1]:8000"}, True),
    ],
)
def test_who_may_send_something(headers: dict[str, str], own: bool) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "BREW"):
        assert taken(method, **headers) == own
    for method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        assert taken(method, **headers)
