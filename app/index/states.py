"""The states of a dataset that stand, or are being built, beside one that is published.

Knows the names of folders and their manifests, and opens no index.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ..store.manifest import MANIFEST
from ..store.schema import VERSION
from .publish import BUILDING, Home


def elsewhere(published: Sequence[Path]) -> bool:
    """Whether another state than that of published shards is being built, or was begun."""
    own = {f"{BUILDING}{each.name}" for each in published}
    return any(each.name not in own for each in published[0].parent.glob(f"{BUILDING}*"))


def beside(published: Sequence[Path]) -> frozenset[str]:
    """The names of the whole indexes of this version beside published ones, which other states have."""
    there = published[0].parent.glob(f"v{VERSION}-*")
    others = (Home(each.parent, each.name) for each in there if each not in published)
    return frozenset(each.fingerprint for each in others if each.complete)


def states(folder: Path) -> set[tuple[str, int]]:
    """The manifests in a folder of indexes, whose set is another as soon as anything is published there."""
    found = set()
    for path in folder.glob(f"*/{MANIFEST}"):
        with suppress(OSError):  # cleared away meanwhile
            found.add((path.parent.name, path.stat().st_mtime_ns))
    return found
