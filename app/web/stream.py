"""The export over HTTP: a stream that ends with its client, and breaks rather than ends short."""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from typing import Any
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Send

from ..config import Settings
from ..conversations.words import words
from ..export.stream import lines
from ..search.dataset import Dataset
from ..search.query import Query


class ExportResponse(StreamingResponse):
    """JSON Lines as they are made. A client that takes nothing for ``stall`` seconds is left.

    A fault after the first byte is raised, so that the connection breaks off without its last chunk
    and no client takes a part for the whole.
    """

    media_type = "application/x-ndjson"
    stall = 30.0
    _made: AsyncGenerator[bytes, None]

    @classmethod
    def of(cls, dataset: Dataset, query: Query, settings: Settings) -> "ExportResponse":
        """The response for a query. What can fail before the first byte fails here."""
        dataset.source.check()
        rows = dataset.order(query)
        made = lines(dataset.source, rows, dataset.messages_repeat, settings.data_dir)
        pieces = _pieces(made)
        response = cls(pieces, headers=_headers(file_name(dataset, query), len(rows)))
        response._made = pieces
        response.stall = settings.stall_seconds
        return response

    async def stream_response(self, send: Send) -> None:
        async def limited(message: Any) -> None:
            await asyncio.wait_for(send(message), self.stall)

        try:
            await super().stream_response(limited)
        finally:  # else the files stay open until the garbage is collected
            await self._made.aclose()


async def _pieces(made: Iterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The pieces, each made in a thread; the files are closed whatever ends the stream."""
    try:
        while piece := await run_in_threadpool(next, made, b""):
            yield piece
    finally:
        made.close()  # type: ignore[attr-defined]  # a generator


def file_name(dataset: Dataset, query: Query) -> str:
    """A name that says what is in the file: dataset, search, number of filters."""
    said = [dataset.name, *words(query.q)[:4]]
    if query.filters:
        said.append(f"{len(query.filters)}-filter" + ("s" if len(query.filters) > 1 else ""))
    return "-".join(re.sub(r"[^\w.-]+", "_", text) for text in said)[:120] + ".jsonl"


def _headers(name: str, rows: int) -> dict[str, str]:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "X-Total-Count": str(rows),
        "X-Accel-Buffering": "no",
    }
