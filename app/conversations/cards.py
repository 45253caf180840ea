"""What a dataset's card says of it: its licence, how it is cited, where it comes from.

The card is the ``README.md`` beside the data; where the data was pulled from a hub, a record beside it says
from where. All of it is other people's text: bounded here, made safe where it is shown.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import orjson
import yaml

CARD = "README.md"
RECORD = ".thinklens-hub.json"  # what pull writes beside the data
MOST_READ = 400_000  # bytes of either
MOST_CITATION = 4_000  # characters
MOST_LINE, MOST_NOTE = 200, 1_000
MOST_LINES = 20
_HEAD = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)\r?\n---", re.DOTALL)
# A key of a head with the lines that belong to it: the rest of a head may be long, and is not parsed.
_KEY = re.compile(
    r"^license(?:_name|_link)?[ \t]*:.{0,500}(?:\n[ \t-].{0,500}){0,20}", re.MULTILINE
)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.{1,200})$", re.MULTILINE)
_BIBTEX = re.compile(r"^@[a-z]+\{", re.MULTILINE | re.IGNORECASE)
_FENCE = re.compile(r"^(```|~~~)", re.MULTILINE)
_LINK = re.compile(r"https?://[^\s<>\"'\\]{1,500}", re.IGNORECASE)


@dataclass(frozen=True)
class Card:
    """``licence`` and ``citation`` as the card has them, the latter Markdown; ``source`` is the address of
    the dataset's page at its hub, ``hub`` the hub's name; "" for what is not said. ``notes`` are what
    pull had to say."""

    licence: str = ""
    licence_link: str = ""
    citation: str = ""
    source: str = ""
    hub: str = ""
    revision: str = ""
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.licence or self.citation or self.source)


def card_beside(folder: Path) -> Card:
    """The card of the data in a folder; an empty one where nothing says anything."""
    above = (each for each in (folder, *folder.parents) if (each / RECORD).is_file())
    place = next(above, folder)
    said = record_of(place)
    text = _read(place / CARD).decode("utf-8", "replace").replace("\r\n", "\n")
    licence, link = licence_of(text)
    return Card(
        licence,
        link,
        citation_of(text),
        _link(said.get("page")),
        _line(said.get("hub")),
        _line(said.get("revision")),
        tuple(_lines(said.get("notes"), MOST_NOTE)),
    )


def record_of(folder: Path) -> dict[str, object]:
    """What pull wrote of the data in a folder; nothing where it did not, or somebody else did."""
    try:
        said = orjson.loads(_read(folder / RECORD))
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def licence_of(card: str) -> tuple[str, str]:
    """The licence that a card's head names, and the link to it; "" for what it does not say."""
    head = _HEAD.match(card)
    try:
        said = yaml.safe_load("\n".join(_KEY.findall(head[1]))) if head else None
    except (yaml.YAMLError, RecursionError, ValueError):
        said = None
    if not isinstance(said, dict):
        return "", ""
    names = _lines(said.get("license"))
    own = _line(said.get("license_name"))
    if own:  # the hub's list of licences has only "other" for it
        names = [own if each == "other" else each for each in names] or [own]
    return ", ".join(names), _link(said.get("license_link"))


def citation_of(card: str) -> str:
    """What stands below a card's heading of citations, else its first BibTeX; "" for neither."""
    head = _HEAD.match(card)
    body = card[head.end() :] if head else card
    headings = [each for each in _HEADING.finditer(body) if not _in_code(body, each.start())]
    for place, each in enumerate(headings):
        if "citation" in each[2].casefold() or "cite" in each[2].casefold().split():
            level = len(each[1])
            ends = (other.start() for other in headings[place + 1 :] if len(other[1]) <= level)
            return _cut(body[each.end() : next(ends, len(body))])
    found = _BIBTEX.search(body)
    if found is None:
        return ""
    entry = body[found.start() : found.start() + MOST_CITATION]
    return _cut("```bibtex\n" + _FENCE.split(entry)[0].split("\n\n")[0].strip() + "\n```")


def _in_code(text: str, at: int) -> bool:
    """Whether a place is in a code fence: an odd number of them stands before it."""
    return len(_FENCE.findall(text, 0, at)) % 2 == 1


def _cut(text: str) -> str:
    text = text.strip()
    if len(text) <= MOST_CITATION:
        return text
    kept = text[:MOST_CITATION].rsplit("\n", 1)[0]
    return kept + ("\n```\n" if _in_code(kept, len(kept)) else "\n") + "\u2026"


def _read(path: Path) -> bytes:
    """The beginning of a file; nothing where it is none."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_READ)
    except OSError:
        return b""


def _lines(said: object, most: int = MOST_LINE) -> list[str]:
    """A text, or the first of a list of them, as lines."""
    found = said if isinstance(said, list) else [said]
    return [line for each in found[:MOST_LINES] if (line := _line(each, most))]


def _line(said: object, most: int = MOST_LINE) -> str:
    """A text as one line, cut; nothing for what is none (its form could be of any size)."""
    return " ".join(said[: 2 * most].split())[:most] if isinstance(said, str) else ""


def _link(said: object) -> str:
    """An address that a page may lead to; nothing for any other text."""
    text = said.strip() if isinstance(said, str) else ""
    return text if _LINK.fullmatch(text) else ""
