"""The open indexes of a dataset as its shards, each of which knows its own columns for the fields of all."""

from collections.abc import Sequence
from itertools import accumulate

from ..conversations.formats.format import ID
from ..conversations.source import Source
from ..store import groups
from .joined_fields import joined, with_copies
from .shard.index import Index
from .shard.shard import Shard
from .shards import Shards


def parted(source: Source, opened: Sequence[Index], firsts: Sequence[int] | None) -> Shards:
    """Indexes, at least one, that begin at these rows of a dataset: one behind the other for None. Which rows
    are copies is among the fields once it is known, which is of all rows together."""
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
    begin = firsts or [*accumulate((each.rows for each in opened[:-1]), initial=0)]
    given = zip(opened, begin, own, arrays, strict=True)
    shards = [Shard(index, first, each, identity, a) for index, first, each, a in given]
    return Shards(shards, fields, source.rows)
