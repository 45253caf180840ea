"""The README's table, quoted from a comparison's JSON: `python -m benchmarks.quote comparison.json`.

Figures of a machine on which others worked are refused, but for `--loaded`. Lines are found by how they
begin; one that was not measured is left out. Knows nothing of how the figures came about.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

QUOTED = {  # how a line begins: what the README calls it
    "search, rare": "search, a rare word",
    "search, middle (": "search, a word of middle frequency",
    "search, most frequent (": "search, the most frequent word",
    "search, two most frequent": "search, the two most frequent words",
    "search as JSON over HTTP, middle": "the same over HTTP as JSON, middle word",
    "search as JSON over HTTP, two": "the same over HTTP as JSON, the two most frequent words",
    "the same with its facets, middle": "explorer page with its facets, middle word",
    "the same with its facets, most frequent": "explorer page with its facets, most frequent word",
    "the last page, no search": "the last page of all",
    "overview page, all rows": "overview of all rows",
    "overview page, 10": "overview of a selection, ten of them",
    "conversation page": "conversation page",
    "conversation page, file": "conversation page, file of one single row group",
    "phrase in prompts, most frequent": "the most frequent phrase, in prompts",
    "phrase in reasoning, most frequent": "the most frequent phrase, in the reasoning",
    "phrase in reasoning, two": "the two most frequent words as a phrase, in the reasoning",
    "regex over prompts, alternatives": "regex over the prompts",
    "regex over everything, alternatives": "regex over everything",
    "whole export": "whole export",
    "server memory grown": "memory that exports take",
    "build of the index": "build of the index (beside it: of the prompts alone)",
    "memory of a build": "memory of the build",
    "index against": "index against the source's size",
    "a file is added": "a file of several is added: the index again",
    "start on": "start on an existing index to the first page",
    "32 clients": "32 clients at once",
    "16 light": "16 clients beside 16 with the heaviest queries: an answer",
    "server memory after": "memory of the server after that",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or say why not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quote", description=__doc__)
    parser.add_argument("comparison", type=Path)
    parser.add_argument(
        "--loaded", action="store_true", help="quote figures of a loaded machine too"
    )
    given = parser.parse_args(arguments)
    told = json.loads(given.comparison.read_text(encoding="utf-8"))
    why = refused(told)
    if why and not given.loaded:
        sys.exit(f"quote: {why}; --loaded quotes it all the same")
    print("\n".join(f"- {fact}" for fact in told["facts"]))
    print("\n".join(quoted(told["lines"])))


def refused(told: Mapping[str, Any]) -> str:
    """Why a comparison is not to be quoted; "" where it is."""
    others = told.get("others")
    if others is None:
        return "it was not looked at what others took of the machine"
    return f"the machine was {others['said']}" if others["loaded"] else ""


def quoted(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """The table's rows, in the README's order."""
    lines = list(lines)
    rows = ["", "| what | Thinklens | beside it, in the same run |", "|---|---|---|"]
    for beginning, label in QUOTED.items():
        line = next((each for each in lines if each["what"].startswith(beginning)), None)
        if line is not None and line["shown"][0]:
            rows.append(f"| {label} | {line['shown'][0]} | {line['shown'][1]} |")
    return rows


if __name__ == "__main__":
    main()
