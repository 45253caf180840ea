"""The manifest of an index: which files it has, of what sizes and hashes. It is written last and by one
rename, so that what it names is whole; a folder without one is no index.

A file is hashed by blocks, so that some of it can be checked alone and at once.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from ..errors import Damaged
from .schema import VERSION

MANIFEST = "manifest.json"
BLOCK = 2**20  # bytes that are hashed by themselves
DIGEST = 8  # bytes of a block's hash
_LISTS = ("plans", "sources", "json", "own_json")


@dataclass(frozen=True)
class Listed:
    """A file as it was published: its size, and the hash of each of its blocks in hexadecimal digits."""

    size: int
    blocks: tuple[str, ...]

    @property
    def hash(self) -> str:
        """The hash of the whole: that of its blocks' hashes."""
        return hashlib.blake2b("".join(self.blocks).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Manifest:
    """The files of an index by their paths in its folder. ``index`` is the name of the folder, ``rows``
    how many it is of, ``plans`` how its source's files are read, ``sources`` what tells them from others;
    ``json`` are the columns of texts that were taken as objects, ``own_json`` those that its own first rows
    say. ``repeats``: ``messages`` says nothing that the other texts do not say."""

    index: str
    rows: int = 0
    plans: tuple[str, ...] = ()
    files: Mapping[str, Listed] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    json: tuple[str, ...] = ()
    own_json: tuple[str, ...] = ()
    repeats: bool = False


def hash_of(block: bytes) -> str:
    """The hash of one block."""
    return hashlib.blake2b(block, digest_size=DIGEST).hexdigest()


def listed(path: Path) -> Listed:
    """A file as it is now."""
    with path.open("rb", buffering=0) as file:
        blocks = tuple(map(hash_of, iter(lambda: file.read(BLOCK), b"")))
    return Listed(path.stat().st_size, blocks)


def listing(folder: Path, paths: Iterable[Path]) -> dict[str, Listed]:
    """Some files of a folder, by their paths in it."""
    return {path.relative_to(folder).as_posix(): listed(path) for path in sorted(paths)}


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest into the folder of an index, in the place of the one before."""
    said = _said(manifest)
    written = folder / f"{MANIFEST}.part"
    with written.open("wb") as file:
        file.write(orjson.dumps({**said, "hash": _hash(said)}, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    written.replace(folder / MANIFEST)


def read(folder: Path) -> Manifest | None:
    """The manifest of an index; None where there is none. Raises Damaged for one that is not what was
    written."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        said = orjson.loads(content)
        if said.pop("hash") != _hash(said):
            raise Damaged(MANIFEST)
        return _manifest(said)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Damaged(MANIFEST) from error


def _said(manifest: Manifest) -> dict[str, Any]:
    files = {
        name: {"size": each.size, "hash": each.hash, "blocks": "".join(each.blocks)}
        for name, each in manifest.files.items()
    }
    lists = {name: list(getattr(manifest, name)) for name in _LISTS}
    facts = {"index": manifest.index, "rows": manifest.rows, "repeats": manifest.repeats, **lists}
    return {"version": VERSION, **facts, "block": BLOCK, "files": files}


def _manifest(said: dict[str, Any]) -> Manifest:
    digits = 2 * DIGEST
    if (said["version"], said["block"]) != (VERSION, BLOCK):
        raise Damaged(MANIFEST)
    files = {}
    for name, each in said["files"].items():
        blocks = each["blocks"]
        cut = tuple(blocks[at : at + digits] for at in range(0, len(blocks), digits))
        files[name] = Listed(each["size"], cut)
    lists = {name: tuple(said[name]) for name in _LISTS}
    return Manifest(said["index"], said["rows"], repeats=said["repeats"], files=files, **lists)


def _hash(said: dict[str, Any]) -> str:
    content = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(content, digest_size=16).hexdigest()
