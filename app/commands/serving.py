"""Serving from the command line: a socket to listen on, what the terminal is told, the server.

The socket is opened before the server starts, so that a port in use is one plain line.
"""

import errno
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from .. import __version__, memory
from ..access.tokens import Tokens
from ..config import Settings
from ..errors import Failed, InvalidInput
from ..library import Library
from ..main import create_app
from .admission import said_of
from .connections import Connection, limits, most_backlog, most_connections
from .log import OFF, logging_as
from .progress import progress
from .server import GRACE, LAST, Server

TRIED, LAST_PORT = 100, 65_535  # ports beside one that is in use


def serve(settings: Settings, library: Library, tokens: Tokens) -> None:
    """Listen, tell where, and serve until stopped."""
    entries = library.entries.values()
    if not library.watching and all(e.source is None and e.error for e in entries):
        next(iter(entries)).ready()  # nothing to serve: say why
    listener = _listen(settings.host, settings.port)
    with logging_as(settings.log) as log:
        _announce(settings, library, tokens, listener.getsockname()[1], log.say)
        _run(settings, library, tokens, listener, None if log.kind == OFF else log.say)
    # A build may be under way: its processes end with this one, and the next start goes on with it.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _run(
    settings: Settings,
    library: Library,
    tokens: Tokens,
    listener: socket.socket,
    say: Callable[[str], None] | None,
) -> None:
    """Serve until stopped; ``say`` is told how far indexes are, where no bars show it."""
    with progress(serving=True, say=say) as watch:
        app = create_app(settings, library, watch, tokens)
        Connection.most, Connection.stall = most_connections(), settings.stall_seconds
        config = uvicorn.Config(
            app,
            http=Connection,
            log_level="warning",
            log_config=None,
            access_log=False,
            backlog=most_backlog(),
            server_header=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=GRACE,
        )
        server = Server(config, lambda: setattr(app.state, "stopping", True))
        app.state.metrics.beside(
            {**limits(), "end_seconds": LAST}, lambda: len(server.server_state.connections)
        )
        server.capture()
        memory.settle()
        server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named as TCP, or asyncio leaves Nagle's algorithm on and every kept connection waits 40 ms
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except UnicodeError:
        listener.close()
        raise InvalidInput(f"{host!r} is no address to listen on") from None
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise Failed(
                f"port {port} is in use: choose another with --port{_free(family, host, port)}"
            ) from error
        raise Failed(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return listener


def _free(family: socket.AddressFamily, host: str, port: int) -> str:
    """The next port that nobody listens on, in words; "" where none of the next is free."""
    for other in range(port + 1, min(port + TRIED, LAST_PORT) + 1):
        with socket.socket(family) as tried, suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, other))
            tried.listen(1)  # two may be bound to one port, but not listen
            return f", {other} is free"
    return ""


def _announce(
    settings: Settings, library: Library, tokens: Tokens, port: int, say: Callable[[str], None]
) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    for line in said_of(settings, tokens):
        say(line)
    for entry in library.entries.values():
        if entry.error is not None:
            say(f"{entry.name}: {entry.error.sentence}")
    say(f"Thinklens {__version__} on http://{host}:{port}{settings.root_path}/  (Ctrl-C to stop)")
