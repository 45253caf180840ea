"""The view of prompts by the values of a field: what each model, say, made of the same prompt. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...conversations.fields import TEXT, Field
from ...conversations.results import same
from ...conversations.trace_words import trace_words
from ...errors import InvalidInput
from ...search.by_prompt import CUT, DIFFER, SIZE, SPREAD, Line, Table
from ...search.request import parameter
from ...search.request.parameter import LOOKS, Pairs, Parameter, one_of, whole
from ..links import Link, api_path, dataset_path, number
from .group import MOST_RESULT
from .kinds import model_field
from .page import NOTHING

# Of which prompts alone: its words, and what they add to how many there are.
_ONLY = {
    "": ("All", ""),
    DIFFER: ("Results differ", ", whose traces end with different results"),
    CUT: ("One cut off", ", of which a trace is cut off"),
}
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
            "only",
            "results: only prompts whose traces end with different results; cut: of which one is cut off.",
            DIFFER,
            LOOKS,
            one_of((DIFFER, CUT)),
            "",
        ),
        Parameter("page", "The page, from 1.", "2", LOOKS, whole(1), 1),
    )
}


@dataclass(frozen=True)
class ByPrompt:
    """What a request asks: the field, the order, of which prompts alone."""

    field: str
    sort: str = SIZE
    only: str = ""
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
        now = {"field": self.field, "sort": self.sort, "only": self.only, "page": 1, **changed}
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
    only: tuple[Link, ...]
    heads: tuple[str, ...]
    lines: tuple[LineView, ...]
    pager: tuple[Link, ...]
    api: str


def table(name: str, asked: ByPrompt, found: Table) -> TableView:
    """The page of some prompts."""
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
        summary=f"{count} that several rows have" + _ONLY[asked.only][1],
        sorts=tuple(
            Link(words, own + asked.string(sort=sort), asked.sort == sort)
            for sort, words in ((SIZE, "Most rows"), (SPREAD, "Widest spread of words"))
        ),
        only=tuple(
            Link(words, own + asked.string(only=only), asked.only == only)
            for only, (words, _) in _ONLY.items()
        ),
        heads=tuple(NOTHING if each is None else each for each in found.values),
        lines=tuple(_line(path, each, len(found.values)) for each in found.lines),
        pager=tuple(
            Link(words, own + asked.string(page=page))
            for words, page in (("Previous", found.page - 1), ("Next", found.page + 1))
            if 1 <= page <= found.pages
        ),
        api=f"{api_path(name)}/copies/by{asked.string(page=found.page)}",
    )


def _line(path: str, line: Line, columns: int) -> LineView:
    cells: list[CellView | None] = []
    for place in range(columns):
        cell = line.cells.get(place)
        if cell is None:
            cells.append(None)
            continue
        apart = line.agreement is not None and bool(cell.result)
        cells.append(
            CellView(
                href=f"{path}/conversations/{cell.row}",
                words=number(cell.words),
                trace=trace_words(cell.trace),
                result=cell.result[:MOST_RESULT],
                more=f"and {number(cell.rows - 1)} more" if cell.rows > 1 else "",
                differs=apart and not same(cell.result, line.common),
            )
        )
    return LineView(
        prompt=line.prompt.strip() or "(no prompt)",
        href=f"{path}/copies/{line.row}",
        rows=number(line.size),
        spread=f"{number(line.words[0])} to {number(line.words[1])}",
        agreement=NOTHING if line.agreement is None else f"{100 * line.agreement:.0f}%",
        cells=tuple(cells),
    )
