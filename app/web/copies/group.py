"""The view of one group of copies: what its rows have in common once, and a table of the rows. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...conversations.fields import Field
from ...conversations.trace_words import trace_words
from ...search.dataset import Reading, Results
from ..address import Address
from ..compare_links import side_by_side
from ..links import Link, api_path, dataset_path, number, shortened, title_of, value_text
from .kinds import Asked
from .page import NOTHING, Cell, pages

LONGEST_PROMPT = 20_000  # characters that are shown
MOST_RESULT = 80  # characters of a last result
MOST_SIGNALS = 8  # in which rows of a page differ
_OWN = ("trace", "reasoning_words", "answer_words", "last_result")  # columns that there always are
_NAMES = ("prompt_group", "conversation_group")  # of groups, which say nothing of a row alone


@dataclass(frozen=True)
class Row:
    """A row of the group: the way to it, its cells, and what picking it would do."""

    row: int
    href: str
    cells: tuple[Cell, ...]
    pick: Link


@dataclass(frozen=True)
class GroupView:
    """The page. ``differ`` says of each column whether the rows shown differ there."""

    title: str
    name: str
    path: str
    heading: str
    summary: str
    prompt: str
    cut: bool
    heads: tuple[str, ...]
    differ: tuple[bool, ...]
    rows: tuple[Row, ...]
    back: Link
    listed: str
    pager: tuple[Link, ...]
    api: str


def group(
    name: str,
    asked: Asked,
    found: Results,
    reads: Sequence[Reading],
    fields: Mapping[str, Field],
    model: str,
) -> GroupView:
    """The page of a group, whose rows on it are those ``found``, each read too."""
    path, first = dataset_path(name), reads[0].signals[asked.kind.field]
    own = f"{path}/copies/{first}"
    heading = f"{asked.kind.title}: {number(found.total)} row{'s' * (found.total != 1)}"
    columns = {head: _marked(each) for head, each in _columns(found, reads, fields, model)}
    prompt = reads[0].conversation.prompt
    return GroupView(
        title=f"{heading} \u00b7 {name}",
        name=name,
        path=path,
        heading=heading,
        summary="The prompt of all"
        if asked.kind.field != "near_prompt"
        else f"The prompt of row {found.results[0].row:,}",
        prompt=prompt[:LONGEST_PROMPT],
        cut=len(prompt) > LONGEST_PROMPT,
        heads=tuple(columns),
        differ=tuple(len({cell.text for cell in cells}) > 1 for cells in columns.values()),
        rows=tuple(
            Row(
                each.row,
                f"{path}/conversations/{each.row}",
                tuple(cells[place] for cells in columns.values()),
                _pick(path, own, asked, each.row),
            )
            for place, each in enumerate(found.results)
        ),
        back=Link("All groups", f"{path}/copies{asked.string()}"),
        listed=f"{path}?filter={asked.kind.field}%3A{first}",
        pager=tuple(pages(own, asked, found.page, found.pages)),
        api=f"{api_path(name)}/copies/{first}{asked.string(found.page)}",
    )


def _marked(texts: Sequence[str]) -> list[Cell]:
    """The cells of a column: where most are the same, the others are marked."""
    text, times = Counter(texts).most_common(1)[0]
    most = 2 * times > len(texts)
    return [Cell(each, most and each != text) for each in texts]


def _columns(
    found: Results, reads: Sequence[Reading], fields: Mapping[str, Field], model: str
) -> Iterator[tuple[str, list[str]]]:
    """The columns of the table: model, words, trace, last result, and signals in which rows differ."""
    if model:
        yield (
            model.rpartition(".")[2].title(),
            [value_or_nothing(each.values.get(model)) for each in found.results],
        )
    signals = [each.signals for each in found.results]
    for name in ("reasoning_words", "answer_words"):
        yield title_of(fields[name]), [value_or_nothing(each[name]) for each in signals]
    yield "Trace", [trace_words(str(each["trace"])) for each in signals]
    yield "Last result", [value_or_nothing(each.get("last_result")) for each in signals]
    others = [each for each in fields.values() if each.signal and each.name not in _OWN + _NAMES]
    differing = [each for each in others if len({repr(s.get(each.name)) for s in signals}) > 1]
    for each in differing[:MOST_SIGNALS]:
        yield title_of(each), [value_or_nothing(said.get(each.name)) for said in signals]


def value_or_nothing(value: object) -> str:
    """A value in a cell."""
    if value is None:
        return NOTHING
    if isinstance(value, float):
        return f"{value:.2f}"
    plain = isinstance(value, int) and not isinstance(value, bool)
    return f"{value:,}" if plain else shortened(value_text(value), MOST_RESULT)


def _pick(path: str, own: str, asked: Asked, row: int) -> Link:
    """What a row offers: to be the first of two, the second, or to be let go."""
    here = asked.page
    if asked.pick is None:
        return Link("Compare", own + asked.string(here, row), label=f"Compare row {row:,}")
    if asked.pick == row:
        return Link("Picked", own + asked.string(here), True, f"Cancel the pick of row {row:,}")
    label = f"Compare row {row:,} with row {asked.pick:,}"
    there = Address(pick=None)
    return Link(
        f"Compare with row {asked.pick:,}", side_by_side(path, asked.pick, row, there), label=label
    )
