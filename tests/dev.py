"""``make dev``: the demonstration data, or a PATH, served from this tree while it is worked on.

Code of ``app`` starts the server anew, with the processes of a build that is under way ended; templates
are read anew by themselves, and no browser keeps a style or a script. The index lies in ``.dev``.
"""

import argparse
import os
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.demo import write
from app.library import Library
from app.main import create_app
from app.web.shell import templates

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".dev"
DATA = "THINKLENS_DEV_DATA"  # how the path comes to the process that serves


class Fresh:
    """An application whose static files are not kept, and whose process ends when it does: else a
    build would be waited for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and scope["path"].startswith("/static/"):
                kept = [each for each in message["headers"] if each[0] != b"cache-control"]
                message["headers"] = [*kept, (b"cache-control", b"no-store")]
            await send(message)

        await self._app(scope, receive, sent)
        if scope["type"] == "lifespan":
            os._exit(0)


def application() -> ASGIApp:
    """What is served; made anew in each process."""
    settings = Settings(data_dir=HOME)
    templates().auto_reload = True
    return Fresh(
        create_app(settings, Library(settings, [os.environ.get(DATA) or _demonstration()]))
    )


def _demonstration() -> str:
    """The path of the demonstration data, written anew where its texts have changed."""
    path = HOME / "demo" / "demo.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    changed = max(each.stat().st_mtime for each in [*ROOT.glob("demo/*"), ROOT / "app/demo.py"])
    if not path.exists() or path.stat().st_mtime < changed:
        write(path)
    return str(path)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.dev", description=__doc__)
    parser.add_argument("data", nargs="?", default="", help="by default the demonstration data")
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    os.environ[DATA] = given.data and str(Path(given.data).absolute())
    uvicorn.run(
        "tests.dev:application",
        factory=True,
        reload=True,
        reload_dirs=[str(ROOT / "app"), str(ROOT / "demo")],
        reload_includes=["*.py", "*.toml"],
        port=given.port,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
