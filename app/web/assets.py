"""The files that pages load: styles, scripts, fonts. Each release has addresses of its own.

``/static/v-DIGEST/app.css`` may be kept for ever: another release has another digest. The same file
answers at ``/static/app.css`` and under the digests of other releases, from pages that are still open,
but is asked for anew each time.
"""

import hashlib
import re
from functools import cache

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from ..config import asset_dir

_VERSION = re.compile(r"v-[0-9a-f]{12}$")
_KEPT = "public, max-age=31536000, immutable"


def asset_files() -> ASGIApp:
    """What answers below ``/static``, compressed where that helps."""
    return GZipMiddleware(_Files(directory=asset_dir("static")), compresslevel=6)


@cache
def asset_root() -> str:
    """Where the files of this release are: the start of their paths, without a slash at the end."""
    return f"/static/v-{_digest()}"


@cache
def _digest() -> str:
    folder = asset_dir("static")
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        version, _, rest = path.replace("\\", "/").partition("/")
        versioned = bool(_VERSION.match(version))
        response = await super().get_response(rest if versioned else path, scope)
        current = version == f"v-{_digest()}"
        response.headers["Cache-Control"] = _KEPT if current else "no-cache"
        return response
