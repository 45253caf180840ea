"""Figures of what the texts are like: languages, openings, copies, outliers. Pure."""

from collections.abc import Iterator

from ...conversations.fields import Field
from ...search.overview.figures import Copies, Openings, Outlier, Overview
from ..language_names import tongue
from ..links import shortened, title_of
from .drawing import Bar, rows, strip
from .figure import THIRD, WHOLE, Cell, Figure, Head, Table, counted, number, share, shared
from .ways import Ways, valued

PARTS = {"prompt": "Prompts", "reasoning": "Traces", "answer": "Answers"}
COPIES = {  # its title, and what the page of copies is asked for
    "prompt": ("The same prompt", ""),
    "near_prompt": ("Nearly the same prompt", "?like=near"),
    "near_response": ("Nearly the same response", "?of=response&like=near"),
}
PROMPT_SHOWN = 90  # characters
VALUES = ("reasoning_words", "answer_words", "repetition")


def languages(found: Overview, ways: Ways) -> Figure:
    """The languages of prompt, trace and answer together."""
    own, total = found.own.languages, found.own.total
    lines, bars = [], []
    for each in own.combinations:
        href = ways.to(*map(valued, own.fields, each.values))
        rate = share(each.rows, total)
        cells = [Cell(_language(value), value=value or "") for value in each.values]
        bar = Cell("", drawing=strip(rate, None))
        lines.append((*cells, counted(each.rows, href), shared(each.rows, total), bar))
        codes = " \u00d7 ".join(str(value or "\u2013") for value in each.values)
        bars.append((codes, f"{each.rows:,}", Bar(rate, None, href, codes)))
    shown = len(own.combinations)
    more = f" The {shown} commonest of {own.of:,}." if own.of > shown else ""
    heads = [Head(title_of(each)) for each in own.fields]
    heads += [Head("rows", True), Head("share", True), Head("", drawn=True)]
    return Figure(
        name="languages",
        title="Languages",
        note=" \u00d7 ".join(title_of(each).lower() for each in own.fields),
        caption=f"As lid.176 tells them; undetermined where none is likely enough.{more} n = {total:,}.",
        table=Table(tuple(heads), tuple(lines)),
        drawn=rows(bars),
        open=True,
    )


def _language(value: object) -> str:
    if value is None:
        return "undetermined"
    named = tongue(str(value))
    return f"{named} ({value})" if named else str(value)


def openings(found: Overview, ways: Ways) -> Iterator[Figure]:
    """How each part begins."""
    for each in found.own.openings:
        yield _openings(each, found.own.total, ways)


def _openings(each: Openings, total: int, ways: Ways) -> Figure:
    lines = tuple(
        (
            Cell(one.words, ways.phrase(each.part, one.words)),
            Cell(f"{one.rows:,}", value=one.rows, look="figure"),
            shared(one.rows, total - each.without),
        )
        for one in each.openings
    )
    bars = [
        (one.words, f"{one.rows:,}", Bar(share(one.rows, total), None, "", one.words))
        for one in each.openings
    ]
    return Figure(
        name=f"{each.part}-openings",
        title=f"How {PARTS[each.part].lower()} begin",
        note=f"{each.of:,} different openings",
        caption="The first five words, as search compares them. Each leads to the rows that have the phrase "
        "anywhere "
        f"in the part, which may be more. n = {total - each.without:,}"
        + (f"; {each.without:,} without a word." if each.without else "."),
        table=Table((Head("first words"), Head("rows", True), Head("share", True)), lines),
        drawn=rows(bars),
        width=THIRD,
        open=True,
    )


def copies(found: Overview, ways: Ways) -> Iterator[Figure]:
    """The groups of copies, the largest with their prompts."""
    for each in found.own.copies:
        yield _copies(each, found.own.total, ways)


def _copies(each: Copies, total: int, ways: Ways) -> Figure:
    title, asked = COPIES[each.of]
    lines = tuple(
        (
            Cell(shortened(" ".join(one.prompt.split()), PROMPT_SHOWN), ways.row(one.group)),
            counted(one.size, ways.to(valued(each.field, one.group))),
        )
        for one in each.largest
    )
    bars = [
        (
            f"{size} rows" if size <= 12 else "13 rows and more",
            f"{groups:,}",
            Bar(groups, None, "", ""),
        )
        for size, groups in each.sizes
    ]
    return Figure(
        name=f"copies-{each.of.replace('_', '-')}",
        title=title,
        note=f"{each.groups:,} groups hold {each.rows:,} rows",
        caption=f"Groups of two rows and more among the {total:,} of this selection, the ten largest; the "
        f"group of a "
        "row is told by the first row of the dataset that is in it.",
        table=Table((Head("prompt"), Head("rows", True)), lines),
        drawn=rows(bars),
        width=THIRD,
        open=True,
        more=("All groups", f"{ways.path}/copies{asked}"),
    )


def outliers(found: Overview, ways: Ways) -> Figure:
    """Rows that stand out."""
    shown = found.by.field if found.by else None
    names = [name for name in VALUES if name in {f.field.name for f in found.own.fields}]
    heads = [Head("reason"), Head("prompt"), Head("value", True)]
    heads += [Head(name.replace("_", " "), True) for name in names]
    heads += [Head(title_of(shown))] if shown else []
    return Figure(
        name="outliers",
        title="Rows that stand out",
        note="the highest values of a field",
        caption="The three highest values of each field, of equal ones the first rows. Each reason leads to "
        "the rows in "
        "that order.",
        table=Table(
            tuple(heads), tuple(tuple(_outlier(e, names, shown, ways)) for e in found.outliers)
        ),
        width=WHOLE,
        open=True,
    )


def _outlier(each: Outlier, names: list[str], shown: Field | None, ways: Ways) -> Iterator[Cell]:
    result = each.result
    yield Cell(each.reason, ways.sorted(f"-{each.field.name}"))
    prompt = shortened(" ".join(result.prompt.split()), PROMPT_SHOWN)
    yield Cell(prompt or "(empty prompt)", ways.row(result.row), result.prompt)
    yield _value(each.value)
    for name in names:
        yield _value(result.signals.get(name))
    if shown is not None:
        value = result.signals.get(shown.name) if shown.signal else result.values.get(shown.name)
        yield Cell("\u2013" if value is None else str(value), value=value)


def _value(value: object) -> Cell:
    if isinstance(value, float):
        return Cell(number(value, 2), value=value, look="figure")
    return Cell(number(value) if isinstance(value, int) else "\u2013", value=value, look="figure")
