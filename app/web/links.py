"""Links and the words that pages share: a field's name, a value as it is typed. Pure."""

from dataclasses import dataclass
from urllib.parse import quote

from ..conversations.fields import Field
from ..conversations.signals.table import BY_NAME
from ..search.results import Neighbours
from .address import Address
from .root_path import address

LONGEST_ID = 200  # characters of an id that pages show


@dataclass(frozen=True)
class Link:
    """A link with its words; ``current`` is where one is already."""

    text: str
    href: str
    current: bool = False
    label: str = ""


def dataset_path(name: str) -> str:
    """The address of a dataset's explorer."""
    return address(f"/datasets/{quote(name, safe='')}")


def api_path(name: str) -> str:
    """What the addresses of a dataset's JSON and files begin with."""
    return address(f"/api/datasets/{quote(name, safe='')}")


def title_of(field: Field) -> str:
    """A field's name for people."""
    if field.signal:
        return BY_NAME[field.name].title
    return field.name.removeprefix("metadata.")


def number(value: float | int) -> str:
    """A number with thousands apart; of a large float the digits that it has."""
    whole = isinstance(value, float) and value % 1 == 0 and abs(value) < 1e16
    return f"{int(value) if whole else value:,}"


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


def placed(at: Neighbours | None) -> str:
    """ "12 of 304": where a row stands among the results; "" where it does not."""
    return f"{at.place:,} of {at.total:,}" if at else ""


def shortened(line: str, most: int) -> str:
    """A line's first whole words, of at most so many characters."""
    return line[:most].rsplit(" ", 1)[0] + "\u2026" if len(line) > most else line


def clipped(text: str, most: int) -> str:
    """A text that should be short: its beginning where it is not."""
    return text if len(text) <= most else f"{text[:most]}\u2026"


def page_of(path: str, here: Address, row: int) -> str:
    """The address of a conversation on the way through the results of a list."""
    return f"{path}/conversations/{row}{here.on_page(1).string()}"


def with_pane(path: str, here: Address, row: int) -> str:
    """The address of the list with a conversation read beside it."""
    return path + here.reading(row).string()
