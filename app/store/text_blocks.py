"""Blocks that are texts: a record batch of Arrow with one column."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

BLOCK_ROWS, BLOCK_BYTES = 64, 2**18  # one block is unpacked to read one text

_TEXTS = pa.schema([("text", pa.string())])


def blocks(texts: Sequence[str]) -> Iterator[tuple[pa.Buffer, int]]:
    """The contents of blocks of bounded size, and how many texts each has."""
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text)
        if len(block) == BLOCK_ROWS or size >= BLOCK_BYTES:
            yield _content(block), len(block)
            block, size = [], 0
    if block:
        yield _content(block), len(block)


def unpacked(content: pa.Buffer, head: bytes) -> pa.StringArray:
    """The texts of a block."""
    return pa.ipc.read_record_batch(content, _TEXTS).column(0)


def _content(texts: Sequence[str]) -> pa.Buffer:
    try:
        made = pa.array(texts, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair, which only JSON can say
        made = pa.array([text.encode("utf-8", "replace").decode() for text in texts], pa.string())
    return pa.record_batch([made], schema=_TEXTS).serialize()
