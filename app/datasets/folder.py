"""A folder of datasets: each file or folder directly below is one. Knows names, and opens no file."""

import os
from dataclasses import dataclass
from pathlib import Path

from ..conversations.paths import holds_data


@dataclass(frozen=True)
class Below:
    """What stands directly below a folder: PATHs of datasets, and the names of what is no data, both in
    the order of their names; or why it cannot be read."""

    paths: tuple[str, ...] = ()
    no_data: tuple[str, ...] = ()
    fault: str = ""


def below(folder: str) -> Below:
    """What stands below a folder now, hidden entries aside."""
    try:
        found = [Path(each.path) for each in os.scandir(folder) if not each.name.startswith(".")]
    except OSError as error:
        return Below(fault=f"the folder {folder!r} cannot be read: {error.strerror or error}")
    found.sort(key=lambda each: (each.name.casefold(), each.name))
    data = {each for each in found if holds_data(each)}
    return Below(
        tuple(str(each) for each in found if each in data),
        tuple(each.name for each in found if each not in data),
    )
