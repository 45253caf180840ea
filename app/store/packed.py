"""How an index keeps runs of numbers as bytes. Pure; knows nothing of what they count.

Few numbers stand as they are, each in as many bytes as the largest needs, so that those of very many
words are packed and unpacked together. Many are parted into planes, the lowest byte of each number
first, and each plane is packed by zstd: a byte for how many planes there are, four for the size of each,
then the planes.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Unsigned = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Content = bytes | memoryview

LEVEL = 1  # of zstd: more packs hardly better, since what the planes have is chance
_WIDEST = 8  # bytes of a number
_SIZE = 4  # bytes of the size of a plane
_CODEC = pa.Codec("zstd")


def pack(numbers: npt.NDArray[np.unsignedinteger], least: int = 1) -> bytes:
    """Many numbers as planes, ``least`` of them."""
    largest = int(numbers.max(initial=0))
    planes = max(least, -(-largest.bit_length() // 8))
    wide = numbers.astype("<u4" if planes <= 4 else "<u8")
    columns = wide.view(np.uint8).reshape(len(numbers), wide.itemsize)
    codec = pa.Codec("zstd", LEVEL)
    packed = [
        codec.compress(np.ascontiguousarray(columns[:, plane]), asbytes=True)
        for plane in range(planes)
    ]
    sizes = [len(each).to_bytes(_SIZE, "little") for each in packed]
    return b"".join((bytes([planes]), *sizes, *packed))


def unpack(
    content: Content, count: int, start: int = 0
) -> tuple[npt.NDArray[np.unsignedinteger], int]:
    """The ``count`` numbers whose planes begin here, in 32 bits where they fit, and where they end."""
    planes, at = unpack_planes(content, count, start)
    kind = np.uint32 if len(planes) <= 4 else np.uint64
    numbers: npt.NDArray[np.unsignedinteger] = planes[0].astype(kind)
    for number, plane in enumerate(planes[1:], 1):
        numbers |= plane.astype(numbers.dtype) << np.uint8(8 * number)
    return numbers, at


def unpack_planes(content: Content, count: int, start: int = 0) -> tuple[list[Bytes], int]:
    """The planes that begin here, the lowest byte of each number first, and where they end."""
    head = start + 1
    at = head + _SIZE * content[start]
    found = []
    for place in range(head, at, _SIZE):
        end = at + int.from_bytes(content[place : place + _SIZE], "little")
        unpacked = _CODEC.decompress(content[at:end], count, asbytes=True)
        found.append(np.frombuffer(unpacked, np.uint8))
        at = end
    return found, at


def pack_flags(flags: npt.NDArray[np.unsignedinteger]) -> bytes:
    """Flags, 0 or 1, a bit each."""
    packed: bytes = pa.Codec("zstd", LEVEL).compress(np.packbits(flags != 0), asbytes=True)
    return packed


def unpack_flags(content: Content, count: int) -> npt.NDArray[np.bool_]:
    """So many flags."""
    bits = _CODEC.decompress(content, -(-count // 8), asbytes=True)
    return np.unpackbits(np.frombuffer(bits, np.uint8), count=count).view(np.bool_)


def pack_few(numbers: Unsigned, counts: Integers) -> tuple[Bytes, Integers]:
    """Runs of ``counts`` numbers, at least one, as they are: their bytes, and where each run begins and the
    last one ends."""
    starts = np.append(0, np.cumsum(counts))
    largest = np.maximum.reduceat(numbers, starts[:-1]) if len(numbers) else numbers
    widths = np.ones(len(counts), np.int64)
    for width in range(1, _WIDEST):
        widths[largest >= np.uint64(1 << (8 * width))] = width + 1
    kept = np.arange(_WIDEST) < np.repeat(widths, counts)[:, None]
    columns = np.ascontiguousarray(numbers, "<u8").view(np.uint8).reshape(-1, _WIDEST)
    return columns[kept], np.append(0, np.cumsum(widths * counts))


def unpack_few(data: Bytes, sizes: Integers, counts: Integers) -> Unsigned:
    """The numbers of runs of ``sizes`` bytes and ``counts`` numbers, at least one, that follow each other."""
    widths = np.repeat(sizes // counts, counts)
    columns = np.zeros((len(widths), _WIDEST), np.uint8)
    columns[np.arange(_WIDEST) < widths[:, None]] = data
    numbers: Unsigned = columns.view("<u8").ravel().astype(np.uint64)
    return numbers


def distances(numbers: Unsigned, before: np.uint64) -> Unsigned:
    """How far each of some rising numbers is from the one before it; ``before`` is the one before all."""
    found = np.empty(len(numbers), np.uint64)
    found[:1] = numbers[:1] - before
    np.subtract(numbers[1:], numbers[:-1], out=found[1:])
    return found


def steps(numbers: Unsigned, counts: Integers) -> Unsigned:
    """Runs of rising numbers as how far each is from the one before it; the first as it is."""
    found = np.diff(numbers, prepend=np.uint64(0))
    firsts = np.cumsum(counts) - counts
    found[firsts] = numbers[firsts]
    return found


def summed(found: Unsigned, counts: Integers) -> Unsigned:
    """The numbers that ``steps`` was made of."""
    sums = np.cumsum(found)
    firsts = np.cumsum(counts) - counts
    before = np.append(np.uint64(0), sums)[firsts]
    numbers: Unsigned = sums - np.repeat(before, counts)
    return numbers
