"""The README's table, quoted from a comparison's JSON: `python -m benchmarks.quote comparison.json`.

Lines are found by how they begin; one that was not measured is left out. Knows nothing of how the
figures came about.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

QUOTED = {  # how a line begins: what the README calls it
    "search, rare": "search, a rare word",
    "search, middle (": "search, a word of middle frequency",
    "search, most frequent (": "search, the most frequent word",
    "search, two most frequent": "search, the two most frequent words",
    "the same with all facets, middle": "explorer page with all facets, middle word",
    "the same with all facets, most frequent": "explorer page with all facets, most frequent word",
    "the last page, no search": "the last page of all",
    "conversation page": "conversation page",
    "conversation page, file": "conversation page, file of one single row group",
    "phrase in prompts, most frequent": "the most frequent phrase, in prompts",
    "phrase in reasoning, most frequent": "the most frequent phrase, in the reasoning",
    "regex over prompts, alternatives": "regex over the prompts",
    "regex over everything, alternatives": "regex over everything",
    "whole export": "whole export",
    "server memory grown": "memory that exports take",
    "build of the index": "build of the index (beside it: of the prompts alone)",
    "memory of a build": "memory of the build",
    "index against": "index against the source's size",
    "start on": "start on an existing index to the first page",
    "32 clients": "32 clients at once",
    "16 light": "16 clients beside 16 with the heaviest queries: an answer",
    "server memory after": "memory of the server after that",
}


def main() -> None:
    """Print the table."""
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print("\n".join(f"- {fact}" for fact in told["facts"]))
    print("\n".join(quoted(told["lines"])))


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
