"""Packed bytes: whole, given out as they come, the same for the same, nothing of time or name in them."""

import gzip
import random
from collections.abc import Generator

import pyarrow as pa
import pytest

from app.export.file_types import GZIP, ZSTD
from app.export.packing import packed
from app.export.sink import Sink

PIECES = [bytes([number]) * 300_000 for number in range(3)]


@pytest.mark.parametrize("packing", ["", GZIP, ZSTD])
@pytest.mark.parametrize("pieces", [[], [b"a"], [b"", b"ab", b"c"], PIECES])
def test_the_same_bytes_come_back(packing: str, pieces: list[bytes]) -> None:
    raw = b"".join(packed((each for each in pieces), packing))
    if packing == GZIP:
        assert raw[3:8] == bytes(5)  # no name, no time
        raw = gzip.decompress(raw)
    if packing == ZSTD:
        with pa.CompressedInputStream(pa.BufferReader(raw), "zstd") as stream:
            raw = bytes(stream.read())
    assert raw == b"".join(pieces)


@pytest.mark.parametrize("packing", ["", GZIP, ZSTD])
def test_bytes_are_given_out_while_others_are_still_made(packing: str) -> None:
    taken: list[int] = []

    def made() -> Generator[bytes, None, None]:
        for number in range(200):
            taken.append(number)
            yield random.Random(number).randbytes(50_000)  # nothing that can be packed

    given = packed(made(), packing)
    while not next(given):
        pass
    assert len(taken) < 200


def test_a_sink_says_how_much_it_took_and_gives_it_once() -> None:
    sink = Sink()
    assert (sink.write(b"abc"), sink.write(pa.py_buffer(b"de")), sink.tell()) == (3, 2, 5)
    assert (sink.taken(), sink.taken()) == (b"abcde", b"")
    sink.write(b"f")
    assert (sink.tell(), sink.taken()) == (6, b"f")
