"""Snippets in kind as models write them, each with the HTML that it must become, by what they hold."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def entries() -> tuple[dict[str, str], ...]:
    """All snippets: ``name``, ``source``, ``html``, and ``group``, the file that it stands in."""
    found: list[dict[str, str]] = []
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        for each in tomllib.loads(path.read_text("utf-8"))["snippet"]:
            found.append({**each, "group": path.stem})
    return tuple(found)
