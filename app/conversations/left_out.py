"""A dataset without a file that turned out not to be readable when its rows were read."""

from dataclasses import replace

from .source import Source
from .source_file import LeftOut, SourceFile


def without(source: Source, name: str, reason: str) -> Source | None:
    """The other files, their rows counted anew; None where it is none of them, or nothing is left."""
    kept: list[SourceFile] = []
    for file in (file for file in source.files if file.name != name):
        kept.append(replace(file, first_row=sum(each.rows for each in kept)))
    if len(kept) == len(source.files) or not any(file.rows for file in kept):
        return None
    left_out = (*source.left_out, LeftOut(name, reason))
    return replace(source, files=tuple(kept), left_out=left_out)
