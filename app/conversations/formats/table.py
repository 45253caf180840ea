"""The source formats, one row each: the first that matches a file reads it."""

from collections import Counter
from dataclasses import replace

import pyarrow as pa

from ...errors import Unreadable
from .. import tag_use
from ..arrow import is_text
from .alternatives import Several
from .called import Glaive, Xlam
from .candidates import Candidates
from .card import Card
from .columns import Columns
from .dialect import OPENAI, Dialect
from .format import Format, Layout
from .listed import listed
from .looked import Looked, Told
from .pair import Pair, PromptCompletion
from .rivals import named, stemmed
from .sharegpt import SHAREGPT
from .sides import answer_of, question_of
from .text import Text
from .tree import Tree
from .turns import Turns

TURNS = Turns((OPENAI, SHAREGPT))


def _formats(turns: Turns) -> tuple[Format, ...]:
    """All formats, by how their turns are read."""
    return (
        Card(turns),
        Tree(),
        Glaive(turns),
        Xlam(),
        Pair(turns),
        PromptCompletion(turns),
        turns,
        Columns(turns),
        Candidates(),
        Text(turns),
    )


FORMATS = _formats(TURNS)
NAMES = tuple(dict.fromkeys(each.name for each in FORMATS))


def _turns(told: Told) -> Turns:
    """What reads turns, by the user's word on roles and keys."""
    if not told.roles and not told.keys:
        return TURNS
    role, content = ((name,) if (name := told.keys.get(key)) else () for key in ("role", "content"))
    own = Dialect(
        (),
        role or (OPENAI.role + SHAREGPT.role),
        content or (OPENAI.content + SHAREGPT.content),
        f"turns of {' and '.join(told.keys.values()) or 'roles as told'}",
    )
    return Turns((own, OPENAI, SHAREGPT), roles=tuple(sorted(told.roles.items())))


def detect(looked: Looked | pa.Schema) -> Layout:
    """How a file with these columns and first rows is read. Raises Unreadable where no columns hold both
    sides of conversations, or where two have one name."""
    looked = looked if isinstance(looked, Looked) else Looked(looked)
    twice = next((name for name, count in Counter(looked.schema.names).items() if count > 1), None)
    if twice is not None:
        raise Unreadable(f"two columns of the same name {twice!r}")
    formats = [
        each for each in _formats(_turns(looked.told)) if looked.told.format in ("", each.name)
    ]
    if not formats:
        known = ", ".join(NAMES)
        raise Unreadable(f"no source format {looked.told.format!r}: there are {known}")
    found = next((made for each in formats if (made := each.layout(looked))), None)
    if found is None:
        raise Unreadable(_refusal(looked))
    found = _with_others(looked, found)
    tags, use = tag_use.tags_of(looked, found)
    lists = tuple(name for name in found.texts if not is_text(looked.kind(name)))
    return replace(found, tags=tags, tag_use=use, lists=lists)


def _with_others(looked: Looked, layout: Layout) -> Layout:
    """The layout with where the dataset has other answers, which is said."""
    found = (named(looked, _turns(looked.told)), stemmed(looked), listed(looked))
    sources = tuple(each for each in found if each is not None)
    if not sources:
        return layout
    others = Several(sources)
    reads = tuple(name for name in others.columns if name not in layout.texts)
    names = " and ".join(f"`{name}`" for name in others.answers if f"`{name}`" not in layout.said)
    said = f"{layout.said}; other answers in {names}" if names else layout.said
    return replace(layout, others=others, reads=(*layout.reads, *reads), said=said)


def _refusal(looked: Looked) -> str:
    """What is missing, the columns there are, and the option that would help."""
    listed = _listed(looked.schema.names)
    if looked.told.format:
        return f"no columns that {looked.told.format!r} reads; it has {listed}"
    if one := _one_side(looked):
        return f"{one}; it has {listed}"
    columns = ", ".join(f"'{name}'" for name in TURNS.columns.names)
    return (
        "no text column: expected 'prompt' and 'response' (strings), or a list of turns in "
        f"{columns}; found {listed}"
    )


def _one_side(looked: Looked) -> str:
    """Where one column of two is there, which option names the other."""
    question, (answer, _) = question_of(looked), answer_of(looked)
    if question and not answer:
        return f"a question in {question!r} and no answer: name its column (--column response=NAME)"
    if answer and not question:
        return f"an answer in {answer!r} and no question: name its column (--column prompt=NAME)"
    return ""


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "") or "no column"
