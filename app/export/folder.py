"""An export as a folder that loaders open without being told more: its files by splits and shards, a card,
``dataset_info.json`` and the manifest.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from re import sub

import orjson

from ..conversations.splits import CARD, head_of
from ..conversations.told import INFO
from .card import Part, card
from .info import entries
from .job import Export
from .manifest import manifest
from .shards import shards
from .splits import Splits

DATA, MANIFEST = "data", "manifest.json"


@dataclass(frozen=True)
class Shard:
    """A file of the folder, by its path in it."""

    name: str
    split: str
    bytes: int
    sha256: str


@dataclass
class Folder:
    """The folder of an export. ``most``: the bytes that a file has at most, about; ``shards`` are the files
    once they are written, ``left_out`` the rows that are in no split."""

    export: Export
    splits: Splits
    most: int | None = None
    shards: list[Shard] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    left_out: int = 0

    def write(self, place: Path) -> list[str]:
        """Write all of it into an empty folder; gives the paths of its files, the manifest last."""
        export = self.export
        found = self.splits.of_rows(export.dataset.source, export.rows)
        self.left_out = len(export.rows) - sum(map(len, found.values()))
        first = next(iter(found))
        filled = {name: rows for name, rows in found.items() if len(rows)} or {first: found[first]}
        for name, rows in filled.items():
            made = list(self._split(place, name, replace(export, rows=rows)))
            size = sum(each.bytes for each in made)
            pattern = f"{DATA}/{name}/{name}-*-of-{len(made):05}.{export.choice.type}"
            self.parts.append(Part(name, len(rows), size, pattern))
            self.shards += made
        export.end(sum(each.bytes for each in self.shards))
        beside = {CARD: self._card(), INFO: self._info(), MANIFEST: self._manifest()}
        for name, raw in beside.items():
            if raw:
                (place / name).write_bytes(raw)
        return [
            *(each.name for each in self.shards),
            *(name for name, raw in beside.items() if raw),
        ]

    def _split(self, place: Path, name: str, export: Export) -> Iterator[Shard]:
        """Write the files of a split."""
        folder = place / DATA / name
        folder.mkdir(parents=True)
        made: list[tuple[int, str]] = []
        for number, pieces in enumerate(shards(export, self.most)):
            made.append(_written(folder / str(number), pieces))
        for number, (size, digest) in enumerate(made):
            file = f"{name}-{number:05}-of-{len(made):05}.{export.choice.type}"
            (folder / str(number)).rename(folder / file)
            yield Shard(f"{DATA}/{name}/{file}", name, size, digest)

    def _card(self) -> bytes:
        source = self.export.dataset.source
        own = source.path / CARD
        head = head_of(own.read_text("utf-8", "replace")) if own.is_file() else {}
        return card(self.export, self.parts, self.left_out, head.get("license")).encode()

    def _info(self) -> bytes:
        export = self.export
        types = export.types
        if types is None:
            return b""
        stem = sub(r"[^\w.-]+", "_", export.dataset.name)
        several = len(self.parts) > 1
        files = {
            f"{stem}_{each.name}" if several else stem: f"{DATA}/{each.name}" for each in self.parts
        }
        layouts = [file.layout for file in export.dataset.source.files]
        return _json(entries(export.choice.shape, layouts, types, files))

    def _manifest(self) -> bytes:
        shares = {name: str(share) for name, share in self.splits.shares.items()}
        folder = {
            "split": shares,
            "seed": self.splits.seed,
            "shard_size": self.most,
            "rows": {each.name: each.rows for each in self.parts},
            "left_out": self.left_out,
            "files": [asdict(each) for each in self.shards],
        }
        return _json({**manifest(self.export, self.export.file), "folder": folder})


def _json(value: Mapping[str, object]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n" if value else b""


def _written(file: Path, pieces: Iterator[bytes]) -> tuple[int, str]:
    """Write a file; gives its size and its hash."""
    size, digest = 0, hashlib.sha256()
    with file.open("wb") as out:
        for piece in pieces:
            size += len(piece)
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()
