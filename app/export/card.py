"""The card of an export's folder: ``README.md`` with the head by which loaders find its files and their
types. It says what is so and no more. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
import pyarrow as pa
import yaml

from .. import __version__
from .features import as_yaml, of_any_kind
from .file_types import CELLS, TYPES
from .job import Export
from .manifest import parameters

Shown = dict[str, object]


@dataclass(frozen=True)
class Part:
    """A split as it was written: its rows, the bytes of its files, and the pattern of their names."""

    name: str
    rows: int
    bytes: int
    pattern: str


def card(export: Export, parts: Sequence[Part], left_out: int, licence: object) -> str:
    """The whole of the card. ``licence``: what the source's own card has as its ``license``, if anything;
    ``left_out``: rows that are in no split."""
    head = yaml.safe_dump(
        _head(export, parts, licence), sort_keys=False, allow_unicode=True, width=1_000
    )
    return f"---\n{head}---\n\n{_text(export, parts, left_out)}"


def _head(export: Export, parts: Sequence[Part], licence: object) -> Shown:
    files = [{"split": each.name, "path": each.pattern} for each in parts]
    made: Shown = {"license": licence} if licence else {}
    made["configs"] = [{"config_name": "default", "data_files": files}]
    features = _features(export)
    if features is not None:
        made["dataset_info"] = {"features": features, "splits": [
            {"name": each.name, "num_bytes": each.bytes, "num_examples": each.rows}
            for each in parts
        ]}  # fmt: skip
    return made


def _features(export: Export) -> list[Shown] | None:
    types = export.types
    return None if types is None else as_yaml(types)


def _text(export: Export, parts: Sequence[Part], left_out: int) -> str:
    of = f"{len(export.rows):,} of the {export.dataset.rows:,} conversations"
    said = [
        f"# {_inline(export.dataset.name)}",
        f"{of} of the dataset {_inline(export.dataset.name)}, chosen and written by Thinklens "
        f"{__version__}. `manifest.json` has the state of its files, all that was asked for and "
        "the hash of each file.",
        _table(parts, left_out),
        f"What was asked for:\n\n```json\n{_asked(export)}\n```",
        _loading(export.types, TYPES[export.choice.type].form),
    ]
    return "\n\n".join(said) + "\n"


def _table(parts: Sequence[Part], left_out: int) -> str:
    rows = [f"| {each.name} | {each.rows:,} |" for each in parts]
    rows += [f"| in no split, left out | {left_out:,} |"] if left_out else []
    return "\n".join(["| split | conversations |", "|---|---|", *rows])


def _asked(export: Export) -> str:
    said = parameters(export.query, export.choice)
    return orjson.dumps(said, option=orjson.OPT_INDENT_2).decode()


def _loading(types: pa.Schema | None, form: str) -> str:
    lines = '```python\nfrom datasets import load_dataset\n\ndata = load_dataset("path/to/this/folder")\n```'
    if types is None or as_yaml(types) is None:
        return f"{lines}\n\nThe types of the columns are left to the loader: no one type is known for each."
    if mixed := of_any_kind(types):
        names = ", ".join(map(_inline, mixed))
        return (
            f"{lines}\n\nValues of several types stand in {names}: datasets 5 gives them as they are, "
            "datasets 3 cannot load these files."
        )
    if form == CELLS:
        return f"{lines}\n\nCells are texts and numbers; what was nested is JSON in a text."
    return lines


def _inline(text: str) -> str:
    """A name as code, whatever is in it."""
    return f"`{' '.join(text.replace('`', chr(39)).split())}`"
