"""The open indexes of a dataset as its shards, each of which knows its own columns for the fields of all."""

from collections.abc import Sequence
from itertools import accumulate

from ..conversations.formats.format import ID
from ..conversations.source import Source
from .joined_fields import joined
from .shard.index import Index
from .shard.shard import Shard
from .shards import Shards


def parted(source: Source, opened: Sequence[Index], firsts: Sequence[int] | None) -> Shards:
    """Indexes, at least one, that begin at these rows of a dataset: one behind the other for None."""
    identity = source.files[0].layout.column(ID)
    if len(opened) == 1:
        fields, own = opened[0].fields, [opened[0].fields]
    else:
        found = joined(opened, source.apart)
        fields, own = found.fields, [found.of_shard(number) for number in range(len(opened))]
    begin = firsts or [*accumulate((each.rows for each in opened[:-1]), initial=0)]
    given = zip(opened, begin, own, strict=True)
    return Shards([Shard(*each, identity) for each in given], fields, source.rows)
