"""The view of one conversation: its messages, its panel, and the ways on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..conversations.fields import Field
from ..search.dataset import Neighbours, Reading
from ..search.query import Query
from .links import dataset_path
from .messages import SHOWN_MESSAGES, MessageView, message_views
from .panel import Leaf, metadata_leaves, signal_leaves


@dataclass(frozen=True)
class ReadingView:
    """The conversation page."""

    name: str
    path: str
    row: int
    identity: str
    back: str
    place: str
    before: str
    after: str
    messages: tuple[MessageView, ...]
    left_out: int
    hits: int
    signals: tuple[Leaf, ...]
    metadata: tuple[Leaf, ...]
    file: str
    file_row: str
    raw: str
    api: str


def reading(
    name: str,
    read: Reading,
    query: Query,
    neighbours: Neighbours | None,
    fields: Mapping[str, Field],
) -> ReadingView:
    """The page of one conversation, on the way through the results of ``query``."""
    path = dataset_path(name)
    at = neighbours or Neighbours(0, 0, None, None)
    messages = tuple(message_views(read.conversation, query))
    string = query.string()

    def neighbour(row: int | None) -> str:
        return "" if row is None else f"{path}/conversations/{row}{string}"

    page = (at.place - 1) // query.size + 1 if at.place else 1
    return ReadingView(
        name=name,
        path=path,
        row=read.row,
        identity=str(read.record.get("conversation_id") or ""),
        back=path + replace(query, page=page).string() + f"#row-{read.row}",
        place=f"{at.place:,} of {at.total:,}" if at.place else "not among the results",
        before=neighbour(at.before),
        after=neighbour(at.after),
        messages=messages,
        left_out=max(0, len(read.conversation.messages) - SHOWN_MESSAGES),
        hits=sum(message.hits for message in messages),
        signals=tuple(signal_leaves(path, read.signals, fields)),
        metadata=tuple(metadata_leaves(path, read, fields)),
        file=read.file,
        file_row=f"{read.file_row:,}",
        raw=f"{path}/conversations/{read.row}/raw{string}",
        api=f"/api{path}/conversations/{read.row}",
    )
