"""The view of the export page: what will be written, said beforehand, with its links made. Pure.

The page works as a page of its own; a script shows it as a dialog over the explorer.
"""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ...conversations.fields import Field
from ...conversations.trace_words import TRACE_WORDS
from ...export.job import Export
from ...export.manifest import parameters
from ...export.preview import Run, estimate, first_lines
from ...file_types import ARRAY, CELLS, JSONL, TABLE, TYPES
from ...search.request.query import REASONINGS, SHAPES, Query
from ..links import Link, api_path, dataset_path
from ..wording import filter_words, sort_words

# What each choice is, in the words of the page.
SHAPE_WORDS = {
    "source": "Every column as it was",
    "messages": "Role and content, nothing else",
    "openai": "Messages, reasoning apart as reasoning_content",
    "sharegpt": "Conversations of from and value",
    "alpaca": "Instruction, output and history",
    "oumi": "Messages, and the metadata beside them",
}
REASONING_WORDS = {
    "keep": "Keep it where it stands",
    "strip": "Strip it: the answers alone",
    "separate": "Put it in a field of its own",
}
_LOOKS = ("page", "size", "column", "density", "read", "pick", "text")  # of pages, not of exports


def export_pairs(query: Query) -> list[tuple[str, str]]:
    """The parameters of a query that say what is exported."""
    return [pair for pair in query.pairs() if pair[0] not in _LOOKS]


@dataclass(frozen=True)
class Choice:
    """One of the choices of a form."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class ExportView:
    """The page: what will be written, the choices, a preview, and the ways to it."""

    name: str
    path: str
    back: str
    rows: int
    matching: int
    of: int
    limit: int | None
    size: str
    bytes: int
    said: tuple[str, ...]
    odd: tuple[str, ...]
    hidden: tuple[tuple[str, str], ...]
    shapes: tuple[Choice, ...]
    reasonings: tuple[Choice, ...]
    types: tuple[Choice, ...]
    lines: tuple[tuple[Run, ...], ...]
    previewed: str
    download: Link
    manifest: str
    progress: str
    command: str


def export_view(export: Export, path_of: str, data_dir: str = "") -> ExportView:
    """The page of an export; ``path_of`` is the PATH of its dataset, ``data_dir`` the folder of its
    index where that is not the usual one."""
    query, name = export.query, export.dataset.name
    path, api = dataset_path(name), api_path(name)
    string = f"?{urlencode(pairs)}" if (pairs := export_pairs(replace(query, type=JSONL))) else ""
    typed = f"?{urlencode(pairs)}" if (pairs := export_pairs(query)) else ""
    looked = replace(query, shape="source", reasoning="", type=JSONL, limit=None)
    size = estimate(export)
    return ExportView(
        name=name,
        path=path,
        back=path + looked.string(),
        rows=len(export.rows),
        matching=export.matching,
        limit=query.limit,
        of=export.dataset.rows,
        size=size_words(size),
        bytes=size,
        said=tuple(_said(query, export.dataset.fields)),
        odd=tuple(_odd(export)),
        hidden=tuple(export_pairs(looked)),
        shapes=_choices(SHAPES, SHAPE_WORDS, query.shape),
        reasonings=_choices(REASONINGS, REASONING_WORDS, query.traces),
        types=tuple(Choice(n, each.words, n == query.type) for n, each in TYPES.items()),
        lines=tuple(first_lines(export)),
        previewed=_previewed(query, len(export.rows)),
        download=Link(export.name, f"{api}/export.{query.type}{string}"),
        manifest=f"{api}/export.manifest.json{typed}",
        progress=f"{api}/downloads/",
        command=command(path_of, query, export.name, data_dir),
    )


def _choices(values: tuple[str, ...], words: dict[str, str], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, words[value], value == chosen) for value in values)


def _previewed(query: Query, rows: int) -> str:
    """The heading of the preview."""
    if not rows:
        return "No lines"
    first = "The first line" if rows == 1 else f"The first {min(rows, 3)} lines"
    form = TYPES[query.type].form
    if form in (ARRAY, TABLE):
        return first.replace("line", "record") + (", as JSON" if form == TABLE else "")
    return first + (", below the names of the columns" if form == CELLS else "")


def _said(query: Query, fields: Mapping[str, Field]) -> Iterator[str]:
    """The search, filters and order in words."""
    if query.q.strip():
        yield f"search for {query.q.strip()} in {_part(query.searched_in)}"
    for each in query.filters:
        yield filter_words(each)
    if query.order != "row":
        yield f"in the order: {sort_words(query.order, fields)}"


def _part(searched_in: str) -> str:
    return {"all": "all parts", "answer": "the answers"}.get(
        searched_in, f"the {searched_in}" + ("s" if searched_in == "prompt" else "")
    )


def _odd(export: Export) -> Iterator[str]:
    """What becomes of the rows whose traces are not as they should be."""
    traces = export.traces
    becomes = _BECOMES[export.query.traces]
    for kind, said in becomes.items():
        if count := traces.get(kind, 0):
            words = TRACE_WORDS[kind]
            traces_are = f"trace {words.one}" if count == 1 else f"traces {words.more}"
            yield f"{count:,} {traces_are}{said(count)}"


def _verb(one: str, more: str) -> Callable[[int], str]:
    return lambda count: one if count == 1 else more


_BECOMES = {
    "keep": {
        "unclosed": _verb(": it is kept so", ": they are kept so"),
        "unopened": _verb(": it is kept so", ": they are kept so"),
    },
    "strip": {
        "unclosed": _verb(
            ": nothing follows it, its answer is empty",
            ": nothing follows them, only what stood before them is left",
        ),
        "unopened": _verb(
            ": all before </think> is taken out",
            ": all before </think> is taken out",
        ),
        "multiple": _verb(
            ": the pieces left are joined by a blank line",
            ": the pieces left are joined by a blank line",
        ),
    },
    "separate": {
        "unclosed": _verb(
            ": all of it is reasoning, its answer is empty",
            ": all of them is reasoning, their answers are empty",
        ),
        "unopened": _verb(
            ": all before </think> is reasoning",
            ": all before </think> is reasoning",
        ),
        "multiple": _verb(
            ", joined by a blank line",
            ", joined by a blank line",
        ),
        "none": _verb(": its reasoning is null", ": their reasoning is null"),
    },
}


def size_words(size: int) -> str:
    """A number of bytes for people."""
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_:
            number = size / bytes_
            return f"{number:.1f} {unit}" if number < 10 else f"{number:,.0f} {unit}"
    return f"{size} bytes"


def command(path: str, query: Query, file: str, data_dir: str = "") -> str:
    """The same export on the command line, quoted for a shell."""
    said = parameters(query)
    words = ["thinklens", "export", path if not path.startswith("-") else f"./{path}"]
    given = dict(export_pairs(query))
    for name in ("q", "in", "sort", "shape", "reasoning", "limit"):
        if name in given:
            words.append(f"--{name}={said[name] if name == 'q' else given[name]}")
    words += [f"--filter={each.text}" for each in query.filters]
    words += [f"--data-dir={data_dir}"] if data_dir else []
    return shlex.join([*words, "-o", file])
