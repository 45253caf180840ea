"""The view of one conversation: its messages, its panel, and the ways on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ...caller import caller
from ...conversations.fields import Field
from ...markup.characters import HIDDEN
from ...markup.room import Room
from ...search.dataset import Neighbours, Reading
from ..address import Address
from ..links import LONGEST_ID, api_path, clipped, dataset_path, placed, shortened
from ..looks import RENDERED, SOURCE
from ..pager import listed_at
from .answers import AnswersView, split
from .leaf import Leaf
from .making import MOST_HITS
from .messages import MessageView
from .metadata import metadata_leaves
from .panel import completeness, metadata_json, signal_leaves

TURNS_LISTED = 4  # a conversation of more turns has an outline of them
_TITLE = 60  # characters of the prompt in a page's title


@dataclass(frozen=True)
class Turn:
    """A line of the outline: the message's anchor, and how it begins."""

    anchor: str
    text: str


@dataclass(frozen=True)
class ReadingView:
    """The conversation page. ``left_out`` are the messages that there was no room for; ``whole`` leads to all
    of its text."""

    name: str
    path: str
    row: int
    identity: str
    back: str
    place: str
    before: str
    after: str
    messages: tuple[MessageView, ...]
    answers: AnswersView | None
    left_out: int
    signals: tuple[Leaf, ...]
    metadata: tuple[Leaf, ...]
    file: str
    file_row: str
    raw: str
    whole: str
    alike: str
    api: str
    title: str
    text: str
    rendered: str
    source: str
    completeness: str
    metadata_json: str

    @property
    def shown(self) -> tuple[MessageView, ...]:
        """All messages that are on the page."""
        return (*self.messages, *(self.answers.messages if self.answers else ()))

    @property
    def hits(self) -> int:
        """How many hits these have."""
        return sum(message.hits for message in self.shown)

    @property
    def all_marked(self) -> bool:
        """Whether the page may have hits that are not marked, since it has so many."""
        return self.hits < MOST_HITS

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The user's messages among them."""
        return tuple(Turn(m.anchor, m.beginning or "(empty)") for m in self.shown if m.turn)

    @property
    def outlined(self) -> bool:
        """Whether there are enough turns for an outline."""
        return len(self.turns) > TURNS_LISTED


def reading(
    name: str,
    read: Reading,
    address: Address,
    neighbours: Neighbours | None,
    fields: Mapping[str, Field],
) -> ReadingView:
    """The page of one conversation, on the way through the results of ``address``."""
    path = dataset_path(name)
    here = f"{path}/conversations/{read.row}"
    room = Room(go_on=caller().check)
    messages, answers, left_out = split(read.conversation, address, here, room)
    string = address.string()

    def neighbour(row: int | None) -> str:
        return "" if row is None else f"{path}/conversations/{row}{string}"

    return ReadingView(
        name=name,
        path=path,
        row=read.row,
        identity=clipped(read.identity or "", LONGEST_ID),
        back=listed_at(path, address.on_page(1), neighbours, read.row),
        place=placed(neighbours) or "not among the results",
        before=neighbour(neighbours.before) if neighbours else "",
        after=neighbour(neighbours.after) if neighbours else "",
        messages=messages,
        answers=answers,
        left_out=left_out,
        signals=tuple(signal_leaves(path, read.signals, fields)),
        metadata=tuple(metadata_leaves(path, read, fields)),
        file=read.file,
        file_row=f"{read.file_row:,}",
        raw=f"{here}/raw{string}",
        whole=f"{here}/text",
        alike=path + Address().searching_in(address).alike(read.row).string(),
        api=f"{api_path(name)}/conversations/{read.row}",
        title=_title(name, read),
        text=address.text,
        rendered=here + address.shown_as(RENDERED).string(),
        source=here + address.shown_as(SOURCE).string(),
        completeness=completeness(read, fields),
        metadata_json=metadata_json(read),
    )


def _title(name: str, read: Reading) -> str:
    """What is shown: the beginning of the prompt, the row, the dataset. Hidden characters are left
    out: a title has no room to show them."""
    prompt = " ".join(HIDDEN.sub("", read.conversation.prompt[:400]).split())
    return " \u00b7 ".join(
        part for part in (shortened(prompt, _TITLE), f"row {read.row:,}", name) if part
    )
