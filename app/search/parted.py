"""The open indexes of a dataset as its shards, each of which knows its own columns for the fields of all."""

from collections.abc import Sequence
from itertools import accumulate

from ..conversations.formats.format import ID
from ..conversations.source import Source
from ..store import groups, joined_file, overlaps
from .joined_fields import joined, with_signals
from .request.copies import ONE_OF
from .shard.index import Index
from .shard.shard import Shard
from .shards import Shards


def parted(source: Source, opened: Sequence[Index], firsts: Sequence[int] | None) -> Shards:
    """Indexes, at least one, that begin at these rows of a dataset: one behind the other for None. What is
    told of all rows together, as which are copies, is among the fields once it is known."""
    identity = source.files[0].layout.column(ID)
    fields, own = opened[0].fields, [opened[0].fields]
    if len(opened) > 1:
        found = joined(opened, source.apart)
        fields, own = found.fields, [found.of_shard(number) for number in range(len(opened))]
    arrays = [each.arrays for each in opened]
    folder, names = opened[0].folder.parent, [each.folder.name for each in opened]
    there = overlaps.there(folder, names)
    found_overlaps = overlaps.read(folder, names)
    copies = joined_file.read(groups.path_of(folder, names))
    for file in [*([copies] if copies else []), *(each.file for each in found_overlaps)]:
        fields = with_signals(fields, file.rows)
        own = [with_signals(each, file.of_shards) for each in own]
        arrays = [file.of(number, each) for number, each in enumerate(arrays)]
    begin = firsts or [*accumulate((each.rows for each in opened[:-1]), initial=0)]
    given = zip(opened, begin, own, arrays, strict=True)
    shards = [Shard(index, first, each, identity, a) for index, first, each, a in given]
    return Shards(shards, fields, source.rows, found_overlaps, there)


def renewed(shards: Shards, source: Source, opened: Sequence[Index]) -> Shards:
    """The same with what was told of all rows meanwhile: which are copies, and what they have in common with
    benchmarks."""
    folder, names = opened[0].folder.parent, [each.folder.name for each in opened]
    copies = ONE_OF["prompt"] in shards.fields or not groups.path_of(folder, names).is_file()
    whole = shards.covers == shards.rows
    if not whole or (copies and overlaps.there(folder, names) == shards.overlaps_there):
        return shards
    return parted(source, opened, None)
