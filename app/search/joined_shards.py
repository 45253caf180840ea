"""The shards of a dataset put together: fields and columns of each, and which rows of all are copies."""

from collections.abc import Sequence
from itertools import accumulate

from ..conversations.formats.format import ID
from ..conversations.source import Source
from ..store import groups
from .joined_fields import joined, with_copies
from .shard.index import Index
from .shard.shard import Shard
from .shards import Shards


def joined_shards(source: Source, opened: Sequence[Index]) -> Shards:
    """The shards of all rows, each of which knows its own columns for the fields of all; those of copies are
    there once these were looked for."""
    identity = source.files[0].layout.column(ID)
    fields, own = opened[0].fields, [opened[0].fields]
    if len(opened) > 1:
        found = joined(opened, source.apart)
        fields, own = found.fields, [found.of_shard(number) for number in range(len(opened))]
    arrays = [each.arrays for each in opened]
    names = [each.folder.name for each in opened]
    copies = groups.read(groups.path_of(opened[0].folder.parent, names))
    if copies is not None:
        fields = with_copies(fields, copies.rows)
        own = [with_copies(each, copies.of_shards) for each in own]
        arrays = [copies.of(number, each) for number, each in enumerate(arrays)]
    firsts = accumulate((each.rows for each in opened), initial=0)
    given = zip(opened, firsts, own, arrays, strict=False)
    return Shards([Shard(*each[:3], identity, each[3]) for each in given], fields)
