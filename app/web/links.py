"""Links and the words that pages share: a field's name, a filter as people say it. Pure."""

from dataclasses import dataclass
from urllib.parse import quote

from ..conversations.fields import Field
from ..search.filters import COMPARE, NULL, RANGE, Filter

_NAMES = {
    "turns": "Turns",
    "prompt_words": "Prompt words",
    "reasoning_words": "Reasoning words",
    "answer_words": "Answer words",
    "reasoning_share": "Reasoning share",
    "trace": "Trace",
    "flag_disagrees": "Flag disagrees",
    "repetition": "Repetition",
    "refusal": "Refusal",
    "language": "Prompt language",
    "has_code": "Has code",
    "has_math": "Has mathematics",
}


@dataclass(frozen=True)
class Link:
    """A link with its words; ``current`` is where one is already."""

    text: str
    href: str
    current: bool = False
    label: str = ""


def dataset_path(name: str) -> str:
    """The address of a dataset's explorer."""
    return f"/datasets/{quote(name, safe='')}"


def title_of(field: Field) -> str:
    """A field's name for people."""
    if field.signal:
        return _NAMES.get(field.name, field.name)
    return field.name.removeprefix("metadata.")


def number(value: float | int) -> str:
    """A number with thousands apart."""
    return f"{value:,}" if isinstance(value, int) or value % 1 else f"{int(value):,}"


def filter_words(each: Filter) -> str:
    """A filter as people say it."""
    name = title_of(each.field)
    if each.kind == NULL:
        return f"{name} is {'not ' if each.exclude else ''}missing"
    if each.kind == RANGE:
        said = _range_words(name, each)
    elif each.kind == COMPARE:
        said = f"{name} {_COMPARED[each.operator]} {each.value.lstrip('<>=')}"
    else:
        said = f"{name}: {each.value}"
    return f"not {said}" if each.exclude else said


_COMPARED = {">": "over", ">=": "at least", "<": "under", "<=": "at most"}


def _range_words(name: str, each: Filter) -> str:
    first, _, last = each.value.partition("..")
    if not each.value.count(".."):
        return f"{name}: {each.value}"
    if not last:
        return f"{name} from {first}"
    return f"{name} {first}\u2013{last}" if first else f"{name} up to {last}"


def value_text(value: object) -> str:
    """A value as it is typed in a filter."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def filter_text(name: str, value: object) -> str:
    """The filter that asks for a value; in quotes where it would be read as something else."""
    if value is None:
        return f"{name}:null"
    text = value_text(value)
    if isinstance(value, str) and (text == "null" or text == "" or text[0] == text[-1] == '"'):
        text = '"' + text.replace('"', '""') + '"'
    return f"{name}:{text}"
