"""The export over HTTP: a stream that ends with its client, and breaks rather than ends short."""

import asyncio
import re
from collections.abc import AsyncGenerator, Generator, Iterator
from typing import Any
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from ...errors import BrokenOff
from ...export.job import Export
from .downloads import Download

SENT = 64 * 2**10  # bytes that are handed on at once


class ExportResponse(StreamingResponse):
    """A file as it is made. A client that takes nothing for ``stall`` seconds is left.

    A fault after the first byte is raised, so that the connection breaks off without its last chunk
    and no client takes a part for the whole.
    """

    stall = 30.0
    _made: AsyncGenerator[bytes, None]
    _download: Download

    @classmethod
    def of(cls, export: Export, stall: float, download: Download) -> "ExportResponse":
        """The response for an export, which ``download`` watches."""
        pieces = _pieces(export.pieces(), download)
        headers = _headers(export.name, len(export.rows))
        response = cls(pieces, headers=headers, media_type=export.type.media)
        response._made, response._download = pieces, download
        response.stall = stall
        return response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:  # also where its client left before the first byte
            self._download.end("broken")

    async def stream_response(self, send: Send) -> None:
        async def limited(message: Any) -> None:
            for part in _parts(message):
                try:
                    async with asyncio.timeout(self.stall):
                        await send(part)
                except TimeoutError:
                    raise BrokenOff(f"its client took nothing for {self.stall:g} seconds") from None

        try:
            await super().stream_response(limited)
        finally:  # else the files stay open until the garbage is collected
            await self._made.aclose()


def _parts(message: Any) -> Iterator[Any]:
    """A message in small ones, of which a slow client takes some in time."""
    body = message.get("body", b"")
    if len(body) <= SENT:
        yield message
        return
    last = (len(body) - 1) // SENT * SENT
    for at in range(0, last, SENT):
        yield {**message, "body": body[at : at + SENT], "more_body": True}
    yield {**message, "body": body[last:]}


async def _pieces(
    made: Generator[bytes, None, None], download: Download
) -> AsyncGenerator[bytes, None]:
    """The pieces, each made in a thread; the files are closed whatever ends the stream."""
    try:
        while piece := await run_in_threadpool(next, made, b""):
            if download.stopped:
                raise BrokenOff("the download was stopped from its page")
            yield piece
        download.end("done")
    finally:
        download.end("broken")  # unless it has ended otherwise
        made.close()


def _headers(name: str, rows: int) -> dict[str, str]:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "X-Total-Count": str(rows),
        "X-Accel-Buffering": "no",
        "Cache-Control": "no-store",
    }
