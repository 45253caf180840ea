"""The states of a dataset that stand, or are being built, beside one that is published.

Knows the names of folders and their manifests, and opens no index.
"""

from pathlib import Path

from ..store.schema import VERSION
from .publish import BUILDING, Home


def elsewhere(published: Path) -> bool:
    """Whether another state than a published one is being built, or was begun."""
    own = f"{BUILDING}{published.name}"
    return any(each.name != own for each in published.parent.glob(f"{BUILDING}*"))


def beside(published: Path) -> frozenset[str]:
    """The names of the whole indexes of other states, of this version, beside a published one."""
    there = published.parent.glob(f"v{VERSION}-*")
    others = (Home(each.parent, each.name) for each in there if each != published)
    return frozenset(each.fingerprint for each in others if each.complete)
