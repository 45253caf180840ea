"""The view of prompts by the values of a field: what each model, say, made of the same prompt. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...conversations.fields import TEXT, Field
from ...conversations.trace_words import trace_words
from ...errors import InvalidInput
from ...search.by_prompt import SIZE, SPREAD, Line, Table
from ...search.request import parameter
from ...search.request.parameter import LOOKS, Pairs, Parameter, one_of, whole
from ..links import Link, api_path, dataset_path, number
from .group import MOST_RESULT
from .kinds import model_field
from .page import NOTHING

YES = "true"
PARAMETERS: Mapping[str, Parameter] = {
    each.name: each
    for each in (
        Parameter(
            "field",
            "The field whose values are columns, the commonest ones of a page: one of texts; by default that "
            "of the model.",
            "metadata.model",
            LOOKS,
            parameter.text,
            "",
        ),
        Parameter(
            "sort",
            "By size (default: how many rows a prompt has) or spread (how far their words are apart).",
            SPREAD,
            LOOKS,
            one_of((SIZE, SPREAD)),
            SIZE,
        ),
        Parameter(
            "cut", "true: only prompts of which a trace is cut off.", YES, LOOKS, one_of((YES,)), ""
        ),
        Parameter("page", "The page, from 1.", "2", LOOKS, whole(1), 1),
    )
}


@dataclass(frozen=True)
class ByPrompt:
    """What a request asks: the field, the order, whether only of prompts of which a trace is cut off."""

    field: str
    sort: str = SIZE
    cut: str = ""
    page: int = 1

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], fields: Mapping[str, Field]) -> "ByPrompt":
        """What is asked of a dataset with these fields. Raises InvalidInput."""
        said = parameter.values(parameter.given(pairs, PARAMETERS), PARAMETERS.values())
        name = said.pop("field", "") or model_field(fields)
        if not name:
            raise InvalidInput("no field is called model: name one with 'field'")
        if name not in fields:
            raise InvalidInput(f"there is no field {name!r}")
        field = fields[name]
        if field.kind != TEXT or field.facet != "values":
            raise InvalidInput(f"'{name}' cannot be the columns: that is a field of short texts")
        return cls(name, **said)

    def string(self, **changed: object) -> str:
        """The same as a query string, from page 1, but for what is changed."""
        now = {"field": self.field, "sort": self.sort, "cut": self.cut, "page": 1, **changed}
        said: Pairs = [
            (name, str(value)) for name, value in now.items() if value != PARAMETERS[name].default
        ]
        return f"?{parameter.string_of(said)}" if said else ""


@dataclass(frozen=True)
class CellView:
    """A cell: the way to its row, what it says, whether its result is another than most have."""

    href: str
    words: str
    trace: str
    result: str
    more: str
    differs: bool


@dataclass(frozen=True)
class LineView:
    """A prompt, with what its rows agree on."""

    prompt: str
    href: str
    rows: str
    spread: str
    agreement: str
    cells: tuple[CellView | None, ...]


@dataclass(frozen=True)
class TableView:
    """The page. ``others``: how many rows have values that are no columns, "" for none."""

    title: str
    name: str
    path: str
    heading: str
    summary: str
    others: str
    sorts: tuple[Link, ...]
    cut: Link
    heads: tuple[str, ...]
    lines: tuple[LineView, ...]
    pager: tuple[Link, ...]
    api: str


def table(name: str, asked: ByPrompt, found: Table, results: Mapping[int, str]) -> TableView:
    """The page of some prompts; ``results`` are the last results of the rows of its cells."""
    path = dataset_path(name)
    own = f"{path}/copies/by"
    title = f"Same prompt by {asked.field.rpartition('.')[2]}"
    count = "1 prompt" if found.prompts == 1 else f"{number(found.prompts)} prompts"
    return TableView(
        title=f"{title} \u00b7 {name}",
        name=name,
        path=path,
        heading=title,
        others=number(found.others) if found.others else "",
        summary=f"{count} that several rows have"
        + (", of which a trace is cut off" * bool(asked.cut)),
        sorts=tuple(
            Link(words, own + asked.string(sort=sort), asked.sort == sort)
            for sort, words in ((SIZE, "Most rows"), (SPREAD, "Widest spread of words"))
        ),
        cut=Link("One cut off", own + asked.string(cut="" if asked.cut else YES), bool(asked.cut)),
        heads=tuple(NOTHING if each is None else each for each in found.values),
        lines=tuple(_line(path, each, len(found.values), results) for each in found.lines),
        pager=tuple(
            Link(words, own + asked.string(page=page))
            for words, page in (("Previous", found.page - 1), ("Next", found.page + 1))
            if 1 <= page <= found.pages
        ),
        api=f"{api_path(name)}/copies/by{asked.string(page=found.page)}",
    )


def agreement(results: Sequence[str]) -> tuple[str, float | None]:
    """The commonest of some results, and its share among those that there are; None where fewer than two
    rows have one."""
    there = [each for each in results if each]
    if len(there) < 2:
        return (there or [""])[0], None
    common, times = Counter(there).most_common(1)[0]
    return common, times / len(there)


def _line(path: str, line: Line, columns: int, results: Mapping[int, str]) -> LineView:
    common, share = agreement([results[each.row] for each in line.cells.values()])
    cells: list[CellView | None] = []
    for place in range(columns):
        cell = line.cells.get(place)
        if cell is None:
            cells.append(None)
            continue
        result = results[cell.row]
        cells.append(
            CellView(
                href=f"{path}/conversations/{cell.row}",
                words=number(cell.words),
                trace=trace_words(cell.trace),
                result=result[:MOST_RESULT],
                more=f"and {number(cell.rows - 1)} more" if cell.rows > 1 else "",
                differs=share is not None and bool(result) and result != common,
            )
        )
    return LineView(
        prompt=line.prompt.strip() or "(no prompt)",
        href=f"{path}/copies/{line.row}",
        rows=number(line.size),
        spread=f"{number(line.words[0])} to {number(line.words[1])}",
        agreement=NOTHING if share is None else f"{100 * share:.0f}%",
        cells=tuple(cells),
    )
