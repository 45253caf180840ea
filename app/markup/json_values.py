"""Values of JSON as safe HTML: objects as lists of names and values, all else indented.

A text of a class of its own is a number, or a constant such as NaN, as it was written. Knows nothing of
tools or messages; parses nothing.
"""

import json
from collections.abc import Iterator, Mapping

from .characters import plain
from .directions import json_html, source_html


def tree(value: Mapping[str, object], name: str) -> str:
    """An object as a list of names and values, of the class ``name``: texts with their line breaks, all
    else as JSON."""
    items = "".join(
        f"<div><dt>{plain(key)}</dt><dd>{block(each, _kind(each))}</dd></div>"
        for key, each in value.items()
    )
    return f'<dl class="{name}">{items}</dl>' if items else '<p class="muted">no arguments</p>'


def block(value: object, name: str = "json") -> str:
    """A value as one block, of the class ``name``: a text as it is, each of its lines running its own
    way; all else as indented JSON, which runs left to right."""
    if type(value) is str:
        return f'<pre class="{name}" dir="auto">{source_html(value)}</pre>'
    return f'<pre class="{name}" dir="ltr">{json_html(_shown(value))}</pre>'


def _as_written(value: object) -> bool:
    return isinstance(value, str) and type(value) is not str


def _kind(value: object) -> str:
    if _as_written(value):
        return "number"
    if isinstance(value, str):
        return "text"
    return "json" if isinstance(value, Mapping | list) else "literal"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else "".join(_pieces(value, "\n"))


def _pieces(value: object, line: str) -> Iterator[str]:
    """A value as JSON; ``line`` is what begins a line at its depth."""
    if isinstance(value, Mapping | list) and value:
        named = isinstance(value, Mapping)
        yield "{" if named else "["
        for place, (key, each) in enumerate(
            value.items() if isinstance(value, Mapping) else enumerate(value)
        ):
            yield ("," if place else "") + line + "  "
            yield f"{json.dumps(key, ensure_ascii=False)}: " if named else ""
            yield from _pieces(each, line + "  ")
        yield line + ("}" if named else "]")
    elif _as_written(value):
        yield str(value)
    else:
        yield json.dumps(value, ensure_ascii=False)
