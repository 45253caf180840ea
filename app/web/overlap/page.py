"""The view of benchmark overlap: what a dataset was compared with, one of it text beside text. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...search.dataset import Results
from ...search.request.contamination import PRESETS
from ...search.request.parameter import string_of
from ...store.overlaps import Compared, Overlap
from ..links import Link, api_path, dataset_path, number
from .asked import Asked
from .marked import Piece, both


@dataclass(frozen=True)
class Rule:
    """A rule, how many rows it finds, the way to their texts here, to the list, to all others and
    to their export."""

    text: str
    used_by: str
    rows: str
    here: Link
    there: str
    others: str
    export: str


@dataclass(frozen=True)
class Line:
    """A benchmark that the dataset was compared with."""

    name: str
    href: str
    file: str
    sha256: str
    about: str
    rules: tuple[Rule, ...]
    current: bool


@dataclass(frozen=True)
class Pair:
    """A row and the question that it has most of."""

    row: int
    href: str
    share: str
    place: str
    question: Sequence[Piece]
    prompt: Sequence[Piece]


@dataclass(frozen=True)
class OverlapView:
    """The page. ``refused`` says why nothing can be compared or removed here, "" where it can; ``fault`` what
    was wrong with the form that was sent, ``filled`` what it said."""

    title: str
    name: str
    path: str
    lines: tuple[Line, ...]
    former: tuple[str, ...]
    heading: str
    pairs: tuple[Pair, ...]
    pager: tuple[Link, ...]
    refused: str
    fault: str
    filled: Mapping[str, str]
    api: str


@dataclass(frozen=True)
class Shown:
    """A page of rows that one rule finds, with their prompts."""

    overlap: Overlap
    results: Results
    prompts: Sequence[str]


def overlap_view(
    name: str,
    asked: Asked,
    counted: Sequence[tuple[Compared, Mapping[str, int]]],
    shown: Shown | None,
    former: Sequence[str],
    refused: str,
    fault: str = "",
    filled: Mapping[str, str] | None = None,
) -> OverlapView:
    """The page of a dataset that was compared with some benchmarks, of which one is shown."""
    path = dataset_path(name)
    own = f"{path}/overlap"
    return OverlapView(
        title=f"{asked.benchmark or 'Benchmark overlap'} \u00b7 {name}",
        name=name,
        path=path,
        lines=tuple(_line(path, asked, *each) for each in counted),
        former=tuple(former),
        heading=_heading(asked, shown) if shown else "",
        pairs=tuple(_pairs(path, shown)) if shown else (),
        pager=tuple(_pages(own, asked, shown.results)) if shown else (),
        refused=refused,
        fault=fault,
        filled=filled or {},
        api=f"{api_path(name)}/overlap{asked.string(asked.page)}",
    )


def _line(path: str, asked: Asked, compared: Compared, counts: Mapping[str, int]) -> Line:
    own, questions = Asked(compared.name), compared.questions
    columns = f" in {', '.join(compared.columns)}" if compared.columns else ""
    return Line(
        name=compared.name,
        href=f"{path}/overlap{own.string()}",
        file=compared.file,
        sha256=compared.sha256,
        about=f"{number(questions)} question{'s' * (questions != 1)}{columns}, "
        f"n-grams of {compared.length} words",
        rules=tuple(_rules(path, asked, compared, counts)),
        current=asked.benchmark == compared.name,
    )


def _rules(
    path: str, asked: Asked, compared: Compared, counts: Mapping[str, int]
) -> Iterator[Rule]:
    for each in PRESETS:
        text = each.filter_of(compared.name)
        others = string_of([("filter", f"-{text}")])
        chosen = (asked.benchmark, asked.by) == (compared.name, each.name)
        yield Rule(
            text=each.words(compared.length),
            used_by=each.used_by,
            rows=number(counts[each.name]),
            here=Link(
                "Side by side", f"{path}/overlap{Asked(compared.name, each.name).string()}", chosen
            ),
            there=f"{path}?{string_of([('filter', text)])}",
            others=f"{path}?{others}",
            export=f"{path}/export?{others}",
        )


def _heading(asked: Asked, shown: Shown) -> str:
    found = shown.results
    rows = "no row" if not found.total else f"{number(found.total)} row{'s' * (found.total != 1)}"
    rule = asked.preset.words(shown.overlap.compared.length)
    return f"{asked.benchmark}, {rule}: {rows}"


def _pairs(path: str, shown: Shown) -> Iterator[Pair]:
    name, length = shown.overlap.compared.name, shown.overlap.compared.length
    for each, prompt in zip(shown.results.results, shown.prompts, strict=True):
        place = int(str(each.signals[f"overlap_question.{name}"]))
        question, own = both(shown.overlap.questions[place], prompt, length)
        share = float(str(each.signals[f"overlap.{name}"]))
        yield Pair(
            row=each.row,
            href=f"{path}/conversations/{each.row}",
            share=f"{100 * share:.0f} % of the question",
            place=number(place),
            question=question,
            prompt=own,
        )


def _pages(own: str, asked: Asked, found: Results) -> Iterator[Link]:
    if found.page > 1:
        yield Link("Previous", own + asked.string(found.page - 1))
    if found.page < found.pages:
        yield Link("Next", own + asked.string(found.page + 1))
