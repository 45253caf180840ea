"""The view of the export page: what will be written, said beforehand, with its links made. Pure.

The page works as a page of its own; a script shows it as a dialog over the explorer.
"""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ...conversations.fields import Field
from ...conversations.sizes import size_words
from ...conversations.trace_words import TRACE_WORDS
from ...export.aims import AIMS, loading
from ...export.choice import Choice, asked
from ...export.file_types import ARRAY, CELLS, JSONL, TABLE, TYPES
from ...export.job import Export
from ...export.options import DROP, INLINE, KEEP, MARK, SEPARATE, STRIP
from ...export.preview import Run, estimate, first_lines
from ...export.word_counts import word_counts
from ...search.request.query import Query
from ..address import Address
from ..links import Link, api_path, dataset_path
from ..wording import filter_words, narrowed_words, one_words, sort_words
from .form import Form, form_of

_PLURALS = {"prompt": "prompts", "answer": "answers"}


@dataclass(frozen=True)
class AimLink:
    """The way to the choices of an aim; ``current``: they are those that are chosen."""

    words: str
    href: str
    current: bool


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
    words: str
    said: tuple[str, ...]
    odd: tuple[str, ...]
    incomplete: str
    leave_out: str
    hidden: tuple[tuple[str, str], ...]
    form: Form
    aims: tuple[AimLink, ...]
    loading: str
    lines: tuple[tuple[Run, ...], ...]
    previewed: str
    download: Link
    manifest: str
    progress: str
    command: str


def export_view(export: Export, address: Address, path_of: str, data_dir: str = "") -> ExportView:
    """The page of an export, at its address; ``path_of`` is the PATH of its dataset, ``data_dir`` the
    folder of its index where that is not the usual one."""
    query, choice, name = export.query, export.choice, export.dataset.name
    path, api = dataset_path(name), api_path(name)
    untyped = replace(choice, type=JSONL)
    size = estimate(export)
    return ExportView(
        name=name,
        path=path,
        back=path + address.exporting(Choice()).string(),
        rows=len(export.rows),
        matching=export.matching,
        limit=choice.limit,
        of=export.dataset.rows,
        size=size_words(size),
        bytes=size,
        words=_words(export),
        said=tuple(_said(query, export.dataset.fields)),
        odd=tuple(_odd(export)),
        incomplete=_incomplete(export),
        leave_out=_leave_out(export, address),
        hidden=tuple(query.asked),
        form=form_of(export),
        aims=tuple(_aims(export, address)),
        loading=loading(choice, export.name),
        lines=tuple(first_lines(export)),
        previewed=_previewed(choice, len(export.rows)),
        download=Link(export.name, f"{api}/export.{choice.type}{_string(query, untyped)}"),
        manifest=f"{api}/export.manifest.json{_string(query, choice)}",
        progress=f"{api}/downloads/",
        command=command(path_of, export, data_dir),
    )


def _words(export: Export) -> str:
    """How many words the exported rows have, part by part; "" where there is no row."""
    if not len(export.rows):
        return ""
    counts = word_counts(export.dataset, export.rows)
    if export.choice.traces == STRIP:
        del counts["reasoning"]
    said = [f"{count:,} of {_PLURALS.get(part, part)}" for part, count in counts.items()]
    return f"Words: {', '.join(said)}"


def _aims(export: Export, address: Address) -> Iterator[AimLink]:
    """The aims that the dataset has rows for; how many rows are chosen stays."""
    compares = "alternatives" in export.dataset.fields
    for each in (aim for aim in AIMS if compares or not aim.compares):
        choice = replace(each.choice, limit=export.choice.limit)
        href = f"{dataset_path(export.dataset.name)}/export{address.exporting(choice).string()}"
        yield AimLink(each.words, href, choice == export.choice)


def _string(query: Query, choice: Choice) -> str:
    """The query string of what is exported."""
    pairs = asked(query, choice)
    return f"?{urlencode(pairs)}" if pairs else ""


def _previewed(choice: Choice, rows: int) -> str:
    """The heading of the preview."""
    if not rows:
        return "No lines"
    first = "The first line" if rows == 1 else f"The first {min(rows, 3)} lines"
    form = TYPES[choice.type].form
    if form in (ARRAY, TABLE):
        return first.replace("line", "record") + (", as JSON" if form == TABLE else "")
    return first + (", below the names of the columns" if form == CELLS else "")


def _said(query: Query, fields: Mapping[str, Field]) -> Iterator[str]:
    """The search, filters and order in words."""
    if query.q.strip():
        yield f"search for {query.q.strip()} in {_part(query.searched_in)}"
    for each in query.filters:
        yield filter_words(each)
    if words := one_words(query, fields):
        yield words
    yield from narrowed_words(query)
    if query.order != "row":
        yield f"in the order: {sort_words(query.order, fields)}"


def _part(searched_in: str) -> str:
    return {"all": "all parts", "answer": "the answers"}.get(
        searched_in, f"the {searched_in}" + ("s" if searched_in == "prompt" else "")
    )


def _odd(export: Export) -> Iterator[str]:
    """What becomes of the rows that are not as they should be for the export."""
    if count := export.alone:
        yield f"{count:,} that match have no other answer and {'is' if count == 1 else 'are'} left out"
    for each in export.refusals:
        rows = "row" if each.rows == 1 else "rows"
        yield f"{each.trainer} would refuse {each.rows:,} {rows}: {each.why}"
    traces = export.traces
    becomes = _BECOMES[export.choice.traces]
    for kind, said in becomes.items():
        if count := traces.get(kind, 0):
            words = TRACE_WORDS[kind]
            traces_are = f"trace {words.one}" if count == 1 else f"traces {words.more}"
            yield f"{count:,} {traces_are}{said(count)}"


def _incomplete(export: Export) -> str:
    """What becomes of incomplete rows; "" where there are none."""
    count = export.incomplete
    if not count:
        return ""
    rows, their, they = ("is", "its", "it") if count == 1 else ("are", "their", "they")
    verb = "is" if count == 1 else "are"
    mark = f"marked in the column {export.shaper.beside.mark}"
    becomes = {KEEP: "kept", DROP: "left out", MARK: mark}[export.choice.incomplete]
    return (
        f"{count:,} that match {rows} incomplete ({their} trace is cut off, or the assistant says "
        f"nothing): {they} {verb} {becomes}"
    )


def _leave_out(export: Export, address: Address) -> str:
    """The address of the same export without incomplete rows; "" where that would be the same."""
    if not export.incomplete or export.choice.incomplete == DROP:
        return ""
    choice = replace(export.choice, incomplete=DROP)
    return f"{dataset_path(export.dataset.name)}/export{address.exporting(choice).string()}"


def _verb(one: str, more: str = "") -> Callable[[int], str]:
    return lambda count: one if count == 1 else more or one


_BECOMES = {
    KEEP: {
        "unclosed": _verb(": it is kept so", ": they are kept so"),
        "unopened": _verb(": it is kept so", ": they are kept so"),
    },
    INLINE: {
        "unclosed": _verb(": it is kept so", ": they are kept so"),
        "unopened": _verb(
            ": kept so, unless its tags are others than <think>",
            ": kept so, unless their tags are others than <think>",
        ),
    },
    STRIP: {
        "unclosed": _verb(
            ": nothing follows it, its answer is empty",
            ": nothing follows them, only what stood before them is left",
        ),
        "unopened": _verb(": all before </think> is taken out"),
        "multiple": _verb(": the pieces left are joined by a blank line"),
    },
    SEPARATE: {
        "unclosed": _verb(
            ": all of it is reasoning, its answer is empty",
            ": all of them is reasoning, their answers are empty",
        ),
        "unopened": _verb(": all before </think> is reasoning"),
        "multiple": _verb(", joined by a blank line"),
        "none": _verb(": its reasoning is null", ": their reasoning is null"),
    },
}


def command(path: str, export: Export, data_dir: str = "") -> str:
    """The same export on the command line, quoted for a shell."""
    words = ["thinklens", "export", path if not path.startswith("-") else f"./{path}"]
    said = [pair for pair in asked(export.query, export.choice) if pair[0] != "type"]
    words += [f"--{n.replace('_', '-')}={value}" for n, value in said if n != "filter"]
    words += [f"--filter={value}" for name, value in said if name == "filter"]
    words += [f"--data-dir={data_dir}"] if data_dir else []
    return shlex.join([*words, "-o", export.name])
