"""What may be meant by what is typed into the box so far: fields, and values of a field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..conversations.fields import DATE, TEXT, Field
from ..conversations.trace_words import trace_words
from ..search.dataset import Dataset
from ..search.request.parameter import Pairs
from ..search.request.typed import OWN, field_of, items, names_of, typed
from .address import Address
from .answers import edge
from .links import number, title_of, value_text
from .search_box import TYPED
from .wording import is_trace

MOST = 8  # that are suggested


@dataclass(frozen=True)
class Suggestion:
    """What the last item may become: ``text`` is put in its place, ``words`` say it, ``note`` what is known
    of it."""

    text: str
    words: str
    note: str


def parted(pairs: Pairs, fields: Mapping[str, Field]) -> Pairs:
    """The parameters of a form, what was typed of fields as filters."""
    asked = [value for name, value in pairs if name == "q"]
    if len(asked) != 1:  # none, or more than can be taken
        return pairs
    said = typed(asked[0], fields)
    others = [pair for pair in pairs if pair[0] != "q"]
    return [("q", said.q), *others, *(("filter", text) for text in said.filters)]


def way_of_typed(path: str, pairs: Pairs, fields: Mapping[str, Field]) -> str:
    """From what the box of a page sent to the search and the filters that it means; "" where no box did."""
    kept = [pair for pair in pairs if pair[0] != TYPED]
    return (
        path + Address.of(parted(kept, fields), fields).string() if len(kept) < len(pairs) else ""
    )


def caret(pairs: Pairs) -> tuple[int | None, Pairs]:
    """Where the caret stands in the box, None for its end, and the other parameters."""
    at = next((value for name, value in pairs if name == "at"), "")
    place = int(at) if at.isascii() and at.isdigit() and len(at) < 6 else None
    return place, [pair for pair in pairs if pair[0] != "at"]


def before_caret(pairs: Pairs, at: int | None) -> tuple[str, Pairs]:
    """The item that ends at the caret, "" where there is none; and the parameters without it."""
    q = next((value for name, value in pairs if name == "q"), "")
    text = q[:at]
    found = list(items(text))
    if not found or found[-1].end != len(text):
        return "", pairs
    less = text[: found[-1].start] + q[len(text) :]
    return found[-1].text, [(name, less if name == "q" else value) for name, value in pairs]


def suggestions(dataset: Dataset, address: Address, item: str) -> Sequence[Suggestion]:
    """What an item may become, under all else that is asked."""
    minus, body = "-" * item.startswith("-"), item.removeprefix("-")
    names = names_of(dataset.fields)
    found = field_of(body, names)
    if found is None:
        return tuple(_fields(dataset.fields, names, minus, body.casefold()))
    typed_name, value = found
    field = dataset.fields[names[typed_name]]
    head = f"{minus}{typed_name}:"
    if field.facet == "values":
        return tuple(_values(dataset, address, field, head, value.strip('"')))
    if field.facet == "histogram" and not value and field.low < field.high:
        middle = str(edge(field, field.middle)) if field.kind == DATE else number(field.middle)
        words = f"{'after' if field.kind == DATE else 'above'} {middle}"
        return (Suggestion(f"{head}>{middle.replace(',', '')}", words, "the median"),)
    return ()


def _fields(
    fields: Mapping[str, Field], names: Mapping[str, str], minus: str, part: str
) -> Iterator[Suggestion]:
    """The fields whose name holds what is typed, those first that begin so."""
    if not part:
        return
    shortest: dict[str, str] = {}
    for typed_name, name in names.items():
        shortest[name] = min(shortest.get(name, typed_name), typed_name, key=len)
    held = [
        (not (typed_name.casefold().startswith(part)), typed_name, fields[name])
        for name, typed_name in shortest.items()
        if part in typed_name.casefold() or part in title_of(fields[name]).casefold()
    ]
    can = [each for each in held if each[2].facet and each[1] not in OWN]
    for _, typed_name, field in sorted(can, key=lambda each: each[:2])[:MOST]:
        yield Suggestion(f"{minus}{typed_name}:", title_of(field), _note(field))


def _note(field: Field) -> str:
    if field.facet == "values":
        return "1 value" if field.distinct == 1 else f"{field.distinct:,} values"
    if field.kind == DATE:
        return "dates"
    return f"{number(field.low)} to {number(field.high)}"


def _values(
    dataset: Dataset, address: Address, field: Field, head: str, value: str
) -> Iterator[Suggestion]:
    """The commonest values that hold what is typed, with how many rows have each."""
    trace = is_trace(field)
    others = tuple(each for each in address.query.filters if each.field.name != field.name)
    asked = replace(address.query, filters=others, facet=field.name, facet_size=4 * MOST)
    asked = replace(asked, facet_q="" if trace else value)
    shown = 0
    for facet in dataset.facets(asked).facets:
        for each in facet.values:
            said = "null" if each.value is None else value_text(each.value)
            words = trace_words(said) if trace and each.value is not None else said
            if shown < MOST and (not trace or value.casefold() in words.casefold()):
                shown += 1
                yield Suggestion(head + _quoted(words, field, each.value), "", f"{each.count:,}")


def _quoted(words: str, field: Field, value: object) -> str:
    """A value as it is typed: in quotes where it would end too early, or mean something else."""
    plain = words and not any(char.isspace() or char in '"()' for char in words)
    literal = value is not None and words == "null" and field.kind == TEXT
    return words if plain and not literal else '"' + words.replace('"', '""') + '"'
