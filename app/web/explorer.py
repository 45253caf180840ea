"""The view of the explorer page: results, chips, sorts, pager, all with their links made. Pure.

The template loops over these values and decides nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ..conversations.fields import BOOLEAN, DATE, NUMBER, TEXT, Field
from ..conversations.model import PROMPT
from ..search.dataset import Dataset, Facets, Result, Results
from ..search.filters import Filter
from ..search.hits import finders
from ..search.preview import Preview
from ..search.query import SIZES, Query, sortable
from ..search.snippets import Snippet, Span
from ..store.schema import PROMPT_SHOWN
from .facets import FacetView, facet_views
from .help import OPERATORS, example, parts
from .links import Link, dataset_path, filter_words, title_of
from .marks import Find
from .pager import pager

RANDOM = "random:"
OPENING = 260  # characters of the answer in the list

# Markdown that says nothing in two lines of plain text: heading marks, bold, fences, rules of tables.
_MARKUP = re.compile(r"^#{1,6} |\*\*|^```\w*|^\|?[ :|-]*-[ :|-]*$", re.MULTILINE)


@dataclass(frozen=True)
class Marked:
    """A run of text, marked as a hit or not."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Box:
    """The search form: what is typed, the part it is looked for in, all else that the page says."""

    path: str
    q: str
    parts: tuple[Link, ...]
    hidden: tuple[tuple[str, str], ...]
    operators: tuple[Link, ...]


@dataclass(frozen=True)
class Passage:
    """A snippet as the list shows it: the part that it is of, and its text in runs."""

    part: str
    runs: tuple[Marked, ...]


@dataclass(frozen=True)
class Sample:
    """What the list says of random order: the seed that holds ("" for none), and the ways on."""

    seed: str
    shuffle: str
    same: str
    leave: str


@dataclass(frozen=True)
class ResultView:
    """One result of the list. ``opening`` begins the answer, where no passage says more."""

    row: int
    href: str
    title: tuple[Marked, ...]
    passages: tuple[Passage, ...]
    opening: str
    facts: tuple[str, ...]
    trace: str
    disagrees: bool


@dataclass(frozen=True)
class ExplorerView:
    """The explorer page."""

    name: str
    path: str
    q: str
    total: int
    summary: str
    took: str
    box: Box
    searched_in: str
    chips: tuple[Link, ...]
    clear: str
    sorts: tuple[Link, ...]
    sizes: tuple[Link, ...]
    sample: Sample
    results: tuple[ResultView, ...]
    facets: tuple[FacetView, ...]
    pager: tuple[Link, ...]
    export: str
    api: str
    loosen: tuple[Link, ...]
    changed: str


def explorer(
    dataset: Dataset | Preview,
    query: Query,
    results: Results,
    facets: Facets,
    changed: str,
    seed: str,
) -> ExplorerView:
    """The explorer page of a query's results and facets. ``seed`` is what a shuffle would take."""
    path = dataset_path(dataset.name)
    return ExplorerView(
        name=dataset.name,
        path=path,
        q=query.q,
        total=results.total,
        summary=summary(results, dataset.rows),
        took=f"{results.seconds * 1000:.0f} ms",
        box=search_box(path, query.q, query.pairs(), _identity(results)),
        searched_in=dict(query.pairs()).get("in", ""),
        chips=tuple(_chip(path, query, each) for each in query.filters),
        clear=path + replace(query, filters=(), page=1).string(),
        sorts=tuple(_sorts(path, query, dataset.fields)),
        sizes=tuple(_sizes(path, query)),
        sample=_sample(path, query, seed),
        results=tuple(_result(path, query, each) for each in results.results),
        facets=facet_views(path, query, facets, dataset.fields),
        pager=pager(path, query, results),
        export=f"{path}/export{replace(query, page=1).string()}",
        api=f"/api{path}/search{query.string()}",
        loosen=tuple(_loosened(path, query)) if not results.total else (),
        changed=changed,
    )


def search_box(path: str, q: str, pairs: Sequence[tuple[str, str]], identity: str = "") -> Box:
    """The search form over the other pairs of an address. ``identity`` is an id to show as example."""
    chosen = dict(pairs).get("in", "")
    kept = tuple(pair for pair in pairs if pair[0] not in ("q", "in", "page"))
    beside = [*([("in", chosen)] if chosen else []), *kept]
    runs = [(each, example(each, identity)) for each in OPERATORS]
    operators = tuple(
        Link(
            text or each.example,
            text and f"{path}?{urlencode([('q', text), *beside])}",
            label=each.meaning,
        )
        for each, text in runs
    )
    return Box(path, q, parts(chosen), kept, operators)


def _identity(results: Results) -> str:
    return next((str(each.conversation_id or "") for each in results.results), "")


def summary(results: Results, rows: int) -> str:
    """ "Showing 1-25 of 12,345 of 273,402", as the list's heading says it."""
    if not results.total:
        return f"Nothing found in {rows:,} conversations"
    first = (results.page - 1) * results.size + 1
    shown = f"{first:,}\u2013{first + len(results.results) - 1:,} of {results.total:,}"
    return f"Showing {shown}" + (f" of {rows:,}" if results.total != rows else "")


def _chip(path: str, query: Query, each: Filter) -> Link:
    words = filter_words(each)
    return Link(words, path + query.without(each).string(), label=f"Remove the filter {words}")


def _sorts(path: str, query: Query, fields: Mapping[str, Field]) -> Iterator[Link]:
    choices = [("relevance", "Relevance")] if query.node else []
    choices.append(("row", "Row order"))
    for field in fields.values():
        if sortable(field) and field.distinct > 1 and (field.facet == "histogram" or field.signal):
            down, up = _DIRECTIONS.get(field.kind, ("most first", "fewest first"))
            choices.append((f"-{field.name}", f"{title_of(field)}, {down}"))
            choices.append((field.name, f"{title_of(field)}, {up}"))
    for value, text in choices:
        yield Link(text, value, current=value == query.order)
    if query.order not in dict(choices):
        seed = seed_of(query)
        yield Link(f"Sample {seed}" if seed else query.order, query.order, current=True)


_DIRECTIONS = {
    TEXT: ("Z to A", "A to Z"),
    BOOLEAN: ("true first", "false first"),
    DATE: ("newest first", "oldest first"),
    NUMBER: ("highest first", "lowest first"),
}


def seed_of(query: Query) -> str:
    """The seed of a random order; "" for any other order."""
    return query.sort.removeprefix(RANDOM) if query.sort.startswith(RANDOM) else ""


def _sample(path: str, query: Query, seed: str) -> Sample:
    first = replace(query, page=1)
    return Sample(
        seed=seed_of(query),
        shuffle=path + replace(first, sort=RANDOM + seed).string(),
        same=path + first.string(),
        leave=path + replace(first, sort="").string(),
    )


def _sizes(path: str, query: Query) -> Iterator[Link]:
    for size in sorted({*SIZES, query.size}):
        chosen = replace(query, size=size, page=1)
        yield Link(str(size), path + chosen.string(), current=size == query.size)


def _result(path: str, query: Query, each: Result) -> ResultView:
    facts = each.signals
    words = [
        f"{facts[name]:,} {what}"
        for name, what in (("reasoning_words", "reasoning"), ("answer_words", "answer"))
    ]
    turns = facts["turns"]
    if isinstance(turns, int) and turns > 1:
        words.insert(0, f"{turns} turns")
    return ResultView(
        row=each.row,
        href=f"{path}/conversations/{each.row}{replace(query, page=1).string()}",
        title=title(each, finders(query.node, query.searched).get(PROMPT)),
        passages=passages(each),
        opening=_opening(each.opening),
        facts=tuple(words),
        trace=str(facts["trace"]),
        disagrees=bool(facts["flag_disagrees"]),
    )


def _opening(text: str) -> str:
    """How an answer begins, in a line or two."""
    words = " ".join(_MARKUP.sub(" ", text).split())
    return words if len(words) <= OPENING else words[:OPENING].rsplit(" ", 1)[0] + " \u2026"


def title(each: Result, find: Find | None) -> tuple[Marked, ...]:
    """How a result's prompt begins, with its hits."""
    if not each.prompt.strip():
        return ()
    cut = " \u2026" if len(each.prompt) == PROMPT_SHOWN else ""
    return _marked(each.prompt + cut, find(each.prompt) if find else ())


def passages(each: Result) -> tuple[Passage, ...]:
    """The best passage of each part that hits; of the prompt only one that its title cuts off."""
    shown = []
    for snippet in each.snippets:
        if snippet.part == PROMPT and _in_title(each.prompt, snippet):
            continue
        start, end = "\u2026 " if snippet.start else "", " \u2026" if snippet.cut else ""
        moved = [(a + len(start), b + len(start)) for a, b in snippet.hits]
        shown.append(Passage(snippet.part, _marked(start + snippet.text + end, moved)))
    return tuple(shown)


def _in_title(prompt: str, snippet: Snippet) -> bool:
    """Whether a snippet's hits all stand in what the title shows; other prompts than the first are
    searched too."""
    end = snippet.hits[-1][1] if snippet.hits else 0
    return snippet.start + end <= len(prompt) and prompt[snippet.start :].startswith(
        snippet.text[:end]
    )


def _marked(text: str, hits: Sequence[Span]) -> tuple[Marked, ...]:
    """A text in runs, those of the hits marked."""
    runs = []
    at = 0
    for start, end in hits:
        runs += [Marked(text[at:start], False), Marked(text[start:end], True)]
        at = end
    return tuple(run for run in [*runs, Marked(text[at:], False)] if run.text)


def _loosened(path: str, query: Query) -> Iterator[Link]:
    for each in query.filters:
        yield Link(f"Remove \u201c{filter_words(each)}\u201d", path + query.without(each).string())
    if query.q.strip():
        yield Link("Clear the search", path + replace(query, q="", node=None, page=1).string())
