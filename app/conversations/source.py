"""A dataset's files: found by PATH, counted by their footers, read by row.

Knows Parquet and the file system, nothing of what a column means. Row numbers follow from the
files' order and footers alone. Every fault of a file becomes one sentence.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import pyarrow.parquet as pq

from ..errors import ThinklensError, Unreadable
from . import folders, splits, tag_use
from .ancestry import Ancestry
from .cards import Card, card_beside
from .first_rows import first_rows
from .formats.format import Layout
from .formats.looked import Looked, Told
from .formats.table import detect
from .info import check_named, info_beside
from .paths import dataset_name, files_at, is_converted
from .source_file import LeftOut, SourceFile, copied, digest_of, groups_of, sentence, stamp_of
from .stored import Stored
from .told import of_info

# A row group above this many bytes (uncompressed) is too slow to read for one row; see
# benchmarks/row_groups.py for the measurement behind the number.
LARGE_GROUP = 24 * 2**20
SMALL_ROWS, SMALL_BYTES = 2_000, 4 * 2**20  # of a dataset, decoded
MOST_CARD = 200_000  # characters of a card that are looked at


@dataclass(frozen=True)
class Source:
    """The files of one dataset in order. ``fingerprint`` names this very state of them; ``stored`` are rows
    of it that an index has."""

    name: str
    path: Path
    files: tuple[SourceFile, ...]
    left_out: tuple[LeftOut, ...] = ()
    stored: Stored | None = field(default=None, compare=False)

    @property
    def read_as(self) -> str:
        """How the files are read, each way once, and what is around their reasoning."""
        layouts = [file.layout for file in self.files]
        tags = tag_use.said(each.tag_use for each in layouts)
        return "; ".join(filter(None, (*dict.fromkeys(each.said for each in layouts), tags)))

    @property
    def plans(self) -> tuple[str, ...]:
        """What tells the ways in which the files are read from others, each once."""
        return tuple(dict.fromkeys(file.layout.plan for file in self.files))

    @cached_property
    def card(self) -> Card:
        """What the card beside the files says, as it is when it is first asked."""
        folder = next(each for each in (self.path, *self.path.parents) if each.is_dir())
        return card_beside(folder)

    @property
    def met(self) -> Iterator[tuple[str, str, int]]:
        """What was not understood before any row was read: kind, name and how often."""
        for file in self.files:
            if bad := file.lines.bad:
                number, reason = file.lines.first[0]
                yield "line", f"{file.name}:{number}: {reason}", bad
            if found := file.lines.surrogates:
                yield "surrogate", file.name, found
        for each in self.left_out:
            named = each.file in each.reason
            yield "file", each.reason if named else f"{each.file}: {each.reason}", 1

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def size(self) -> int:
        """Bytes of the files as they are, packed or not."""
        return sum(file.size for file in self.files)

    @property
    def large(self) -> bool:
        """Whether some row groups are too large to read one row from."""
        return any(file.large for file in self.files)

    @property
    def small(self) -> bool:
        """Whether the index is built sooner than a process has started."""
        size = sum(file.decoded for file in self.files)
        return self.rows <= SMALL_ROWS and size < SMALL_BYTES

    @property
    def fingerprint(self) -> str:
        digests = "".join(file.digest for file in self.files)
        return hashlib.blake2b(digests.encode(), digest_size=12).hexdigest()

    @property
    def apart(self) -> dict[str, str]:
        """The columns that are no facets, and what each holds (see ``Layout``)."""
        return {name: what for file in self.files for name, what in file.layout.apart.items()}

    def part(self, first: int, last: int) -> "Source":
        """Some of the files (half-open) as a source of their own, whose rows begin at 0."""
        firsts = accumulate((file.rows for file in self.files[first:last]), initial=0)
        files = zip(self.files[first:last], firsts, strict=False)
        return replace(self, files=tuple(replace(file, first_row=row) for file, row in files))

    def locate(self, row: int) -> tuple[SourceFile, int]:
        """The file that holds a row of the dataset, and the row's number in it."""
        firsts = [file.first_row for file in self.files]
        file = self.files[bisect_right(firsts, row) - 1]
        return file, row - file.first_row

    def check(self) -> None:
        """Raise SourceChanged where any file is no longer the one that was opened."""
        for file in self.files:
            file.check()

    def with_files(self, paths: Mapping[int, Path]) -> "Source":
        """The same rows, read from copies where there are some (by the file's place)."""
        return replace(
            self,
            files=tuple(
                copied(file, paths[place]) if place in paths else file
                for place, file in enumerate(self.files)
            ),
        )


def open_source(
    path: str,
    name: str = "",
    told: Told | None = None,
    as_parquet: Callable[[Path], Path] | None = None,
) -> Source:
    """The dataset at a PATH: a file, a folder of them (subfolders too) or a glob. ``as_parquet`` gives
    the Parquet of a file of another kind.

    Of several files those are left out that cannot be read, or hold no conversations, or that the card
    beside them does not name; with ``told.strict`` that is a fault, as is a line that is no record.
    Raises Unreadable where the PATH is missing, holds no data, or nothing of it can be read.
    """
    try:
        base, found = files_at(path)
        card = _text(base / splits.CARD) if len(found) > 1 else ""
    except OSError as error:
        raise Unreadable(f"{path!r} cannot be opened: {error.strerror or error}") from error
    told, names = told or Told(), [relative for relative, _ in found]
    chosen = splits.chosen(names, card, told.config_name)
    check_named(told.info, names)
    files: list[SourceFile] = []
    left_out = [LeftOut(file, reason) for file, reason in chosen.left_out.items()]
    fault: Unreadable | None = None
    for relative, place in ((name, place) for name, place in found if name not in chosen.left_out):
        first_row = files[-1].first_row + files[-1].rows if files else 0
        beside = {**folders.told(path, place), **chosen.told[relative]}
        try:
            files.append(_open_file(relative, place, base, first_row, beside, told, as_parquet))
        except Unreadable as error:
            fault = fault or error
            left_out.append(LeftOut(relative, error.sentence))
    if fault is not None and (told.strict or not files):
        raise fault
    if not sum(file.rows for file in files):
        raise Unreadable(f"{path!r} has no rows")
    made = Source(name or dataset_name(path), base, tuple(files), tuple(left_out))
    if told.strict and (met := next(made.met, None)):
        raise Unreadable(f"not everything of {path!r} is understood: {met[1]}")
    return made


def _text(path: Path) -> str:
    """The text of a file; nothing where it is none."""
    try:
        return path.read_text("utf-8", "replace")[:MOST_CARD]
    except FileNotFoundError:
        return ""


def _open_file(
    name: str,
    path: Path,
    base: Path,
    first_row: int,
    beside: Mapping[str, str | None],
    told: Told,
    as_parquet: Callable[[Path], Path] | None,
) -> SourceFile:
    try:
        stamp = stamp_of(path)
        said = of_info(told.info, name, path.name) if told.info else None
        told = info_beside(path, base).but(said or Told()).but(told)
        origin = path
        if is_converted(path.name):
            if as_parquet is None:
                raise Unreadable("no Parquet")
            path = as_parquet(path)
        with pq.ParquetFile(path, pre_buffer=False) as parquet:
            metadata, schema = parquet.metadata, parquet.schema_arrow
            groups = groups_of(metadata)
            first = first_rows(parquet, path.stat().st_size)
            layout = replace(detect(Looked(schema, first.rows, told)), tokenizer=told.tokenizer)
            decoded = first.size * groups[-1] // max(1, len(first.rows))
        digest = digest_of(path, name, stamp, groups[-1], beside, layout.plan)
    except Unreadable as error:
        raise Unreadable(f"{name!r} has {error.sentence}") from None
    except ThinklensError:
        raise
    except Exception as error:  # pyarrow raises many kinds over damaged files
        raise Unreadable(sentence(name, error)) from error
    layout = _with_ancestry(layout, path)
    sizes = [metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups)]
    large = max(sizes, default=0) > LARGE_GROUP
    found = (groups, large, stamp, metadata, schema, layout, beside, decoded)
    return SourceFile(name, path, first_row, *found, first.sound, origin, digest, stamp[0])


def _with_ancestry(layout: Layout, path: Path) -> Layout:
    """The layout of a tree with what finds the rows above one."""
    parent = layout.column("parent")
    if not parent:
        return layout
    return replace(layout, ancestry=Ancestry(path, layout.column("id"), parent, layout.needed))
