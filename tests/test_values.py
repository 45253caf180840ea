"""Values: what threads share, and what answers are kept under, cannot be changed once it is made."""

import pkgutil
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass
from importlib import import_module

import pytest

import app

CHANGING = {  # what is gathered while it is read or written, by one owner at a time
    "conversations": {"Found"},
    "conversion": {"Kind", "Counts", "_Pass"},
    "datasets": {"Entry", "_Open"},
    "export": {"Export", "Folder", "Seen", "Shaper", "Spoken", "_Buckets", "Tally"},
    "index": {"Pieces"},
    "markup": {"_Piece"},
    "search": {"_Group", "Values", "Scan"},
    "web": {"Answered", "Making", "Tie", "Ties", "_Tree"},
}


def modules() -> list[str]:
    """All modules of the program but the one that runs it."""
    found = [each.name for each in pkgutil.walk_packages(app.__path__, "app.")]
    return [name for name in found if not name.endswith("__main__")]


def kinds(module: str) -> Iterator[type]:
    """The dataclasses that a module defines."""
    for each in vars(import_module(module)).values():
        if isinstance(each, type) and is_dataclass(each) and each.__module__ == module:
            yield each


def changes(kind: type) -> bool:
    """Whether a value of this kind can be given another attribute."""
    assert is_dataclass(kind)
    value: object = object.__new__(kind)
    try:
        setattr(value, fields(kind)[0].name, None)
    except FrozenInstanceError:
        return False
    return True


@pytest.mark.parametrize("package", sorted({name.split(".")[1] for name in modules()}))
def test_only_what_is_gathered_changes(package: str) -> None:
    own = [name for name in modules() if name.split(".")[1] == package]
    changing = {kind.__name__ for name in own for kind in kinds(name) if changes(kind)}
    assert changing == CHANGING.get(package, set())
