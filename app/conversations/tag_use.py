"""Which pairs of tags a dataset has around its reasoning, told from its first rows.

A pair that begins a response is one of the dataset's. What stands around most of the answers behind
such traces is its wrapper.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .formats.format import Layout
from .formats.looked import Looked, Record
from .formats.roles import ASSISTANT
from .reasoning import begins_with, split
from .tags import HARMONY, PAIRS, THINK, WRAPPERS, Tags, TagUse
from .wrappers import around

_KNOWN = (*PAIRS, HARMONY)


def said(uses: Iterable[TagUse]) -> str:
    """What is said of the tags of a dataset's files together; nothing where none was seen."""
    rows, begun = 0, Counter[tuple[str, str]]()
    for each in uses:
        rows += each.rows
        begun.update(each.begun)
    pairs = [
        f"`{opening.strip()}` and `{closing}` in {count:,}"
        for (opening, closing), count in begun.items()
    ]
    return f"reasoning between {', '.join(pairs)} of {rows:,} rows looked at" if pairs else ""


def tags_of(looked: Looked, layout: Layout) -> tuple[tuple[Tags, ...], TagUse]:
    """The pairs of a dataset that is read so, and how they are used; ``<think>`` where none was seen."""
    told = looked.told.tags
    rows = [list(_responses(record, layout)) for record in looked.rows]
    begun = ({begins_with(text, told or _KNOWN) for text in row} for row in rows)
    used = Counter(pair for row in begun for pair in row)
    responses = [text for row in rows for text in row]
    found = told or tuple(pair for pair in _KNOWN if used[pair]) or (THINK,)
    shown = [pair for pair in found if looked.rows and (used[pair] or told)]
    use = TagUse(len(rows), {(pair.opening, pair.closing): used[pair] for pair in shown})
    return tuple(_wrapped(pair, responses) for pair in found), use


def _responses(record: Record, layout: Layout) -> Iterable[str]:
    """What the assistant says in a row."""
    for message in layout.conversation(record).messages:
        if message.role == ASSISTANT and message.content:
            yield message.content


def _wrapped(pair: Tags, responses: Sequence[str]) -> Tags:
    """The pair with what stands around more than half of the answers behind its traces."""
    begun = [split(text, pair) for text in responses if begins_with(text, (pair,))]
    finished = [each.behind for each in begun if each.behind.strip()]
    wrappers = Counter(around(text, WRAPPERS) for text in finished)
    found = tuple(each for each in WRAPPERS if wrappers[each])
    wrapped = sum(wrappers[each] for each in found)
    return replace(pair, wrappers=found) if 2 * wrapped > len(finished) else pair
