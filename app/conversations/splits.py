"""Which files of a folder are read, and of which split and config each is: as a dataset's card says by
``configs``, else by their names. Knows names and a card's text, no file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import yaml

from ..errors import Unreadable

CARD = "README.md"
_HEAD = re.compile(r"\A---\s*\n(.*?)\n---", re.DOTALL)
_NAMED = re.compile(
    r"(?:^|[-_./])(train|training|test|testing|validation|valid|val|dev)(?=[-_./]|$)"
)
_SPLITS = {"training": "train", "testing": "test", "valid": "validation", "val": "validation",
           "dev": "validation"}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """``told`` has the split and config of each file that is read, ``left_out`` why others are not."""

    told: Mapping[str, Mapping[str, str]]
    left_out: Mapping[str, str]


def head_of(card: str) -> dict[str, object]:
    """What stands in a card's head; nothing where it has none that can be read."""
    found = _HEAD.match(card)
    try:
        said = yaml.safe_load(found[1]) if found else None
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def chosen(names: Sequence[str], card: str, config: str = "") -> Chosen:
    """Which of the files of a folder are read: those of one config, or of all. Raises Unreadable for a
    config that the card does not have."""
    patterns = list(_patterns(head_of(card)))
    configs = list(dict.fromkeys(each[1] for each in patterns))
    if config and config not in configs:
        there = f"there are {', '.join(configs)}" if configs else f"its {CARD} names none"
        raise Unreadable(f"no config {config!r}: {there}")
    if not patterns:
        return Chosen({name: _by_name(name) if len(names) > 1 else {} for name in names}, {})
    told: dict[str, Mapping[str, str]] = {}
    for pattern, name_of_config, split in patterns:
        for name in names if config in ("", name_of_config) else ():
            if name not in told and fnmatchcase(name, pattern):
                told[name] = {"split": split} | (
                    {"config": name_of_config} if len(configs) > 1 else {}
                )
    reason = f"no split of {'the ' + CARD if not config else f'the config {config!r}'} names it"
    return Chosen(told, {name: reason for name in names if name not in told} if told else {})


def _by_name(name: str) -> dict[str, str]:
    found = _NAMED.search(name.casefold())
    return {"split": _SPLITS.get(found[1], found[1])} if found else {}


def _patterns(head: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """(pattern, config, split) of a card's ``configs``."""
    configs = head.get("configs")
    for each in configs if isinstance(configs, list) else []:
        if not isinstance(each, dict):
            continue
        name = str(each.get("config_name") or "default")
        folder = str(each.get("data_dir") or "").strip("/")
        files = each.get("data_files")
        if files is None and folder:
            files = f"{folder}/*"
        for entry in files if isinstance(files, list) else [files]:
            if isinstance(entry, dict):
                paths, split = entry.get("path"), str(entry.get("split") or "train")
            else:
                paths, split = entry, "train"
            for path in paths if isinstance(paths, list) else [paths]:
                if isinstance(path, str):
                    yield path.replace("**", "*").removeprefix("./"), name, split
