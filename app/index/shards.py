"""The shards of a dataset: which of its files have an index of their own together, and where that stands.

Whole files in their order, as many as fit, and ranges of one that is larger; what is indexed already stays
a shard, so that a file that is added costs itself, and one that is changed or gone the shards that held it.
A row's number follows from the files alone, whoever built what and when.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path

from ..conversations.ranges import ranges
from ..conversations.source import Source
from ..conversations.source_file import SourceFile
from ..store import groups
from ..store.manifest import MANIFEST, Manifest
from ..store.schema import VERSION
from .publish import Home, home

MOST_ROWS, MOST_BYTES = 500_000, 2 * 2**30  # of a shard
MOST_SMALL = 8  # shards of less than half of that, which a search has to ask each

Span = tuple[int, int]  # files of a source, or ranges of them, half-open


@dataclass(frozen=True)
class Piece:
    """A shard: its part of the source, whose rows begin at 0, ``first_row`` in the dataset's, and the home of
    its index. ``json``: the columns that were objects when that was built, where it stands already."""

    source: Source
    home: Home
    first_row: int
    json: tuple[str, ...] | None


@dataclass(frozen=True)
class Pieces:
    """The shards of a dataset in the order of their rows. ``json``: the columns of texts that are objects, as
    the dataset's first rows say; None as long as nobody has looked."""

    data_dir: Path
    source: Source
    all: tuple[Piece, ...]
    json: tuple[str, ...] | None

    @property
    def folder(self) -> Path:
        """Where they stand."""
        return self.all[0].home.folder

    @property
    def standing(self) -> list[Piece]:
        """Those that have an index which can be asked, together with the others, if not of every part. As
        long as nobody has looked which columns are objects, most rows tell."""
        there = [each for each in self.all if each.home.ready]
        if self.json is not None:
            return there
        rows: Counter[tuple[str, ...]] = Counter()
        for each in there:
            if each.json is not None:
                rows[each.json] += each.source.rows
        most = max(rows, key=lambda json: (rows[json], json), default=None)
        return [each for each in there if each.json is not None and each.json == most]

    @property
    def ready(self) -> bool:
        """Whether all rows can be asked for, if not in every part."""
        return self.json is not None and len(self.standing) == len(self.all)

    @property
    def again(self) -> "Pieces":
        """The same by what stands now."""
        return planned(self.data_dir, self.source)

    @property
    def groups(self) -> Path:
        """The file that says which of their rows are copies."""
        return groups.path_of(self.folder, [each.home.fingerprint for each in self.all])

    @property
    def complete(self) -> bool:
        """Whether every part of all rows can be searched, and what are copies is known."""
        whole = self.ready and all(each.home.complete for each in self.all)
        return whole and self.groups.is_file()

    @property
    def outdated(self) -> bool:
        """Whether there is an index of another version of Thinklens."""
        return self.all[0].home.outdated


def planned(data_dir: Path, source: Source) -> Pieces:
    """The shards of a source, by what stands of them already."""
    files = [file for file in source.files if file.rows]
    folder = home(data_dir, source).folder
    first = next(ranges(files[0], MOST_ROWS, MOST_BYTES))
    kept, json = _usable(_kept(folder), {files[0].digest, first.digest})
    filled = replace(source, files=tuple(_cut(files, kept)))
    found = _spans(filled, kept)
    parts = {span: filled.part(*span) for span in found}
    names = {
        span: each.index if each else _name(home(data_dir, parts[span]).fingerprint, span, json)
        for span, each in found.items()
    }
    every = frozenset(names.values())
    homes = {span: Home(folder, name, every - {name}) for span, name in names.items()}
    firsts = accumulate((parts[span].rows for span in found), initial=0)
    pieces = tuple(
        Piece(parts[span], homes[span], row, each.json if each else None)
        for (span, each), row in zip(found.items(), firsts, strict=False)
    )
    return Pieces(data_dir, source, pieces, json)


def _name(fingerprint: str, span: Span, json: Sequence[str] | None) -> str:
    """The name of an index that is still to be built: another where other columns are objects."""
    if not span[0] or json is None:
        return fingerprint
    return f"{fingerprint}-{hashlib.blake2b(repr(json).encode(), digest_size=4).hexdigest()}"


def _kept(folder: Path) -> list[Manifest]:
    """What is published of a dataset, of whatever states of its files."""
    there = (each.parent for each in folder.glob(f"v{VERSION}-*/{MANIFEST}"))
    found = (Home(each.parent, each.name).manifest for each in there)
    return [each for each in found if each is not None and each.sources]


def _cut(files: Sequence[SourceFile], kept: Sequence[Manifest]) -> Iterator[SourceFile]:
    """What shards are made of: files, and ranges of those that are too large for one, but for such as stand
    whole."""
    found = _matching([file.digest for file in files], kept)
    whole = {place for span in found for place in range(*span)}
    for place, file in enumerate(files):
        yield from [file] if place in whole else ranges(file, MOST_ROWS, MOST_BYTES)


def _usable(
    kept: Sequence[Manifest], firsts: Collection[str]
) -> tuple[list[Manifest], tuple[str, ...] | None]:
    """What is published with the same columns as objects, and these columns: those that the first file says,
    in a shard that begins with it, whole or a range; None where there is no such shard yet."""
    begin = [each for each in kept if each.sources[0] in firsts and each.json == each.own_json]
    others = [each for each in kept if each.sources[0] not in firsts]
    if not begin:
        return others, None
    longest = max(begin, key=lambda each: (len(each.sources), each.index))
    return [longest, *(each for each in others if each.json == longest.json)], longest.json


def _spans(source: Source, kept: Sequence[Manifest]) -> dict[Span, Manifest | None]:
    """Files that are a shard each: what stands, the longest first, and between that as many as fit. Of too
    many small ones two neighbours are put together, for which least is read again: all others stand."""
    found = dict(_matching([file.digest for file in source.files], kept))
    while True:
        spans = dict(_filled(source, found))
        small = [span for span in spans if _is_small(source, span)]
        pairs = [pair for pair in pairwise(small) if pair[0][1] == pair[1][0]]
        if len(small) <= MOST_SMALL or not pairs:
            return spans
        for each in min(pairs, key=lambda pair: _read_again(source, pair, found)):
            found.pop(each, None)


def _read_again(source: Source, pair: Sequence[Span], found: Mapping[Span, Manifest]) -> list[int]:
    """How many rows of two shards stand already, and how many they have."""
    rows = {span: sum(file.rows for file in source.files[slice(*span)]) for span in pair}
    return [sum(rows[span] for span in pair if span in found), sum(rows.values())]


def _matching(digests: Sequence[str], kept: Sequence[Manifest]) -> Mapping[Span, Manifest]:
    """Where files stand in a row that have an index together; none of them twice."""
    places = {digest: place for place, digest in enumerate(digests)}
    found: dict[Span, Manifest] = {}
    taken: set[int] = set()
    for each in sorted(kept, key=lambda each: (-len(each.sources), each.index)):
        first = places.get(each.sources[0], -1)
        last = first + len(each.sources)
        own = set(range(first, last))
        if first >= 0 and tuple(digests[first:last]) == each.sources and not own & taken:
            found[first, last] = each
            taken |= own
    return found


def _filled(
    source: Source, found: Mapping[Span, Manifest]
) -> Iterator[tuple[Span, Manifest | None]]:
    """The spans of all files: those that are found, and what is left packed between them."""
    at = 0
    for first, last in sorted(found):
        yield from ((span, None) for span in _packed(source, at, first))
        yield (first, last), found[first, last]
        at = last
    yield from ((span, None) for span in _packed(source, at, len(source.files)))


def _packed(source: Source, first: int, last: int) -> Iterator[Span]:
    """As many files together as fit into a shard."""
    start, rows, size = first, 0, 0
    for place in range(first, last):
        file = source.files[place]
        rows, size = rows + file.rows, size + file.size
        if place > start and (rows > MOST_ROWS or size > MOST_BYTES):
            yield start, place
            start, rows, size = place, file.rows, file.size
    if start < last:
        yield start, last


def _is_small(source: Source, span: Span) -> bool:
    files = source.files[slice(*span)]
    rows, size = sum(file.rows for file in files), sum(file.size for file in files)
    return rows * 2 < MOST_ROWS and size * 2 < MOST_BYTES
