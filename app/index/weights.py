"""What a file's row groups weigh once they are decoded: how much of them a chunk takes, and whether they
have to be copied into smaller ones first.
"""

from contextlib import closing

import orjson

from ..conversations.decoding import at_most, decoded
from ..conversations.source_file import SourceFile

RECORDED = b"thinklens_weights"  # where a copy has the bytes of each row group, decoded
SWOLLEN = 64 * 2**20  # bytes of a row group, decoded, above which it is copied
SUSPECT = 32  # times its size that one may take before it is looked at
SPARE = 8  # times that dictionaries let a row group look larger than it is, as with texts of all lengths
PART_BYTES = 8 * 2**20  # decoded at once where all of a row group is looked at


def is_copy(file: SourceFile) -> bool:
    """Whether it is a copy that was made for a build."""
    return RECORDED in (file.metadata.metadata or {})


def weight(file: SourceFile, group: int) -> int:
    """Bytes of a row group, decoded, about: a copy says it. Others take that much and some times more at the
    very most."""
    if known := (file.metadata.metadata or {}).get(RECORDED):
        return int(orjson.loads(known)[group])
    return max(_size(file, group), most(file, group) // SPARE)


def most(file: SourceFile, group: int) -> int:
    """Bytes of a row group, decoded, at most; 0 where its rows could not be looked at."""
    return at_most(file.path, file.metadata, file.first_group + group) if file.looked else 0


def _size(file: SourceFile, group: int) -> int:
    return int(file.metadata.row_group(file.first_group + group).total_byte_size)


def swollen(file: SourceFile) -> bool:
    """Whether some row groups take much more than the file has for them."""
    return any(_is_swollen(file, group) for group in range(len(file.groups) - 1))


def _is_swollen(file: SourceFile, group: int) -> bool:
    if most(file, group) <= max(SWOLLEN, SUSPECT * _size(file, group)):
        return False
    found, (start, end) = 0, file.groups[group : group + 2]
    with closing(file.parts(start, end, file.schema.names, PART_BYTES)) as parts:
        for part in parts:
            found += decoded(part)
            if found > SWOLLEN:
                return True
    return False
