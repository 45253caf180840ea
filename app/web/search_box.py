"""The search form, and the language as people read it: each operator with an example.

One table, for the help panel beside the box and for the README. Knows no dataset and parses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from .links import Link, api_path

# The choices of ``in``: its value, "" for the default, and its name for people.
PARTS = (("", "Prompts"), ("reasoning", "Reasoning"), ("answer", "Answers"), ("all", "Everywhere"))

IDENTITY = "id:..."
TYPED = "typed"  # said by a dataset's box alone: what it sends may hold filters


@dataclass(frozen=True)
class Operator:
    """A line of the table: what is typed, and what that finds."""

    example: str
    meaning: str


OPERATORS = (
    Operator("two words", "both, anywhere in the part; AND says the same"),
    Operator('"step by step"', "the words next to each other, in this order"),
    Operator("python OR java", "one of them, or both"),
    Operator("python -java", "not the word after -; NOT says the same"),
    Operator("(python OR java) list", "a group counts as one"),
    Operator("program*", "every word that begins so"),
    Operator("prompt:code", "in the prompts, whatever part is chosen"),
    Operator('reasoning:"wait, let me"', "in the reasoning"),
    Operator("answer:(yes OR no)", "in the answers"),
    Operator("C++", "text with signs stands exactly so: 3.14, don't, an emoji, 東京"),
    Operator(r"/(?i)step \d+/", "a regular expression (RE2) over the text; (?i) ignores case"),
    Operator(IDENTITY, "the conversation of this id"),
)
# What only the box of a dataset takes, and makes filters of.
FILTERS = (
    Operator('model:"Qwen 2.5"', "a filter: the field is this; quotes where there are spaces"),
    Operator("-language:en", "not that"),
    Operator("reasoning_words:>500", "above; also >=, <, <=, 100..500"),
)


def example(operator: Operator, identity: str) -> str:
    """The example as it can be run; "" where the dataset has nothing to run it on."""
    if operator.example != IDENTITY:
        return operator.example
    plain = identity and not any(each.isspace() or each in '"()' for each in identity)
    return f"id:{identity}" if plain else ""


def parts(chosen: str) -> tuple[Link, ...]:
    """The options of the choice of the part."""
    return tuple(Link(text, value, value == chosen) for value, text in PARTS)


@dataclass(frozen=True)
class Box:
    """The search form: what is typed, the part it is looked for in, all else that the page says. ``suggest``
    is the address of what may be meant while one types, "" where there is no such; only there
    ``field:value`` is a filter."""

    path: str
    q: str
    parts: tuple[Link, ...]
    hidden: tuple[tuple[str, str], ...]
    operators: tuple[Link, ...]
    suggest: str = ""


def search_box(
    path: str, q: str, pairs: Sequence[tuple[str, str]], identity: str = "", dataset: str = ""
) -> Box:
    """The search form over the other pairs of an address. ``identity`` is an id to show as example,
    ``dataset`` the name of the one whose fields are taken."""
    chosen = dict(pairs).get("in", "")
    kept = tuple(pair for pair in pairs if pair[0] not in ("q", "in", "page", TYPED))
    beside = [*([("in", chosen)] if chosen else []), *kept]
    runs = [(each, example(each, identity)) for each in OPERATORS]
    operators = tuple(
        Link(
            text or each.example,
            text and f"{path}?{urlencode([('q', text), *beside])}",
            label=each.meaning,
        )
        for each, text in runs
    )
    if not dataset:
        return Box(path, q, parts(chosen), kept, operators)
    filters = (Link(each.example, "", label=each.meaning) for each in FILTERS)
    suggest = f"{api_path(dataset)}/suggest"
    return Box(path, q, parts(chosen), kept, (*operators, *filters), suggest)
