"""The states of a dataset that stand, or are being built, beside one that is published.

Knows the names of folders and their manifests, and opens no index.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ..store import groups
from ..store.manifest import MANIFEST
from ..store.schema import GROUPS, VERSION
from .publish import BUILDING, Home


def elsewhere(published: Sequence[Path]) -> bool:
    """Whether another state than that of published shards is being built, or was begun."""
    own = {f"{BUILDING}{each.name}" for each in published}
    return any(each.name not in own for each in published[0].parent.glob(f"{BUILDING}*"))


def beside(published: Sequence[Path]) -> frozenset[str]:
    """The names of the whole indexes of this version beside published ones, which other states have, and of
    what says which rows of theirs are copies, which comes last."""
    folder = published[0].parent
    there = folder.glob(f"v{VERSION}-*")
    others = (Home(each.parent, each.name) for each in there if each not in published)
    own = groups.path_of(folder, [each.name for each in published])
    copies = {each.name for each in folder.glob(f"{GROUPS}*{own.suffix}") if each != own}
    return frozenset(each.fingerprint for each in others if each.complete) | copies


def states(folder: Path) -> set[tuple[str, int]]:
    """The manifests in a folder of indexes, whose set is another as soon as anything is published there."""
    found = set()
    for path in folder.glob(f"*/{MANIFEST}"):
        with suppress(OSError):  # cleared away meanwhile
            found.add((path.parent.name, path.stat().st_mtime_ns))
    return found
