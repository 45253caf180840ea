"""Connections of the server: how many there are at most, and how long one may say nothing or take nothing.

Half a request, none at all, and an answer that nobody takes would each hold a descriptor for ever.
"""

import asyncio
import logging
import resource
import time

from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 10.0  # for the whole of a request to come
MOST = 1_000  # connections, or half of the descriptors where these are fewer
TOLD_AGAIN = 60.0  # seconds between two words on connections that were refused


def most_connections() -> int:
    """How many connections there may be, by the descriptors of this process."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else min(MOST, max(16, soft // 2))


def limits() -> dict[str, float]:
    """The limits of connections by their names."""
    return {"connections": most_connections(), "request_seconds": REQUEST_SECONDS}


def most_backlog() -> int:
    """How many connections may be taken at once before any of them can be closed again."""
    return max(8, most_connections() // 4)


class Connection(H11Protocol):
    """A connection that ends when its client does nothing. A slow reader that takes something stays."""

    stall = 30.0  # seconds without a byte that is taken
    most = MOST
    _told = -TOLD_AGAIN
    _coming: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    _left = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
            self._tell()
            return
        self._coming = self.loop.call_later(REQUEST_SECONDS, transport.abort)

    def _tell(self) -> None:
        now = time.monotonic()
        if now - Connection._told >= TOLD_AGAIN:
            Connection._told = now
            logging.getLogger(__name__).warning(
                "more than %d connections: further ones are closed at once", self.most
            )

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing():
            return
        cycle = self.cycle  # of the last request that began
        whole = cycle is not None and not cycle.more_body and not cycle.response_complete
        if whole and self._coming is not None:
            self._coming.cancel()
            self._coming = None
        elif not whole and self._coming is None:
            self._coming = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def _watch(self) -> None:
        self._left = self.transport.get_write_buffer_size()
        self._taking = self.loop.call_later(self.stall, self._look)

    def _look(self) -> None:
        if self.transport.get_write_buffer_size() < self._left:
            self._watch()
        else:
            self.transport.abort()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def connection_lost(self, exc: Exception | None) -> None:
        for each in (self._coming, self._taking):
            if each is not None:
                each.cancel()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
