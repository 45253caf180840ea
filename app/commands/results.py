"""Results in a terminal: two or three lines each, their hits emphasised; plain lines elsewhere.

Text of the source is shown without what would steer the terminal or turn its lines around.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..conversations.model import PROMPT
from ..conversations.trace_words import trace_words
from ..library import Entry
from ..search.dataset import Result, Results
from ..search.hits import finders
from ..search.request.query import Query
from ..search.snippets import Snippet, Span

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_UNSEEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")
_PLAIN = 160  # characters of a plain line's text
_OPENING = 200  # characters of a prompt
_INDENT = (0, 0, 0, 10)  # below the opening
_SIZES = (("reasoning_words", "reasoning"), ("answer_words", "answer"))


def visible(text: str) -> str:
    """Text of the source as a terminal can show it."""
    return _UNSEEN.sub("\ufffd", text)


def listed(query: Query, results: Results) -> Iterator[str]:
    """The lines of a page of results."""
    if not sys.stdout.isatty():
        for each in results.results:
            yield from _plain(each)
        return
    from rich.console import Console

    console = Console(highlight=False)
    find = finders(results.node, query.searched).get(PROMPT)
    for each in results.results:
        opening = each.prompt[:_OPENING]
        with console.capture() as written:
            _print(console, each, find(opening) if find else ())
        yield written.get().rstrip("\n")


def _plain(each: Result) -> Iterator[str]:
    """Row, part and text, a line for each passage, for programs that read lines."""
    passages = [(found.part, found.text) for found in each.snippets] or [("prompt", each.prompt)]
    for place, (part, text) in enumerate(passages):
        row = f"{each.row:>8}" if not place else " " * 8
        yield f"{row}  {part:<9}  {visible(' '.join(text.split())[:_PLAIN])}"


def _print(console: "Console", each: Result, hits: Sequence[Span]) -> None:
    """A result: its prompt's opening, the best passage of what that does not show, its figures."""
    from rich.padding import Padding
    from rich.text import Text

    opening = _emphasised(each.prompt[:_OPENING] or "(empty prompt)", hits)
    head = Text.assemble((f"{each.row:>8}  ", "cyan"), opening)
    console.print(head, no_wrap=True, overflow="ellipsis")
    if (found := _best(each)) is not None:
        line = Text.assemble((f"{found.part}  ", "magenta"), _emphasised(found.text, found.hits))
        console.print(Padding(line, _INDENT))
    console.print(Padding(Text(_facts(each), "dim"), _INDENT))


def _best(each: Result) -> Snippet | None:
    """The passage with the most hits, of those that the opening does not show."""
    further = [s for s in each.snippets if s.part != PROMPT or s.start + len(s.text) > _OPENING]
    return max(further, key=lambda snippet: len(snippet.hits), default=None)


def _emphasised(text: str, hits: Sequence[Span]) -> "Text":
    """A text in one line with its hits emphasised; each character stays in its place."""
    from rich.text import Text

    line = Text(visible(re.sub(r"\s", " ", text)))
    for start, end in hits:
        line.stylize("bold reverse", start, end)
    return line


def _facts(each: Result) -> str:
    """The kind of the trace, and sizes in words."""
    facts = [f"trace {trace_words(str(each.signals['trace']))}"]
    facts += [f"{each.signals[name]:,} {what}" for name, what in _SIZES]
    turns = each.signals["turns"]
    return ", ".join([*facts, f"{turns} turns"] if turns != 1 else facts)


def met(entries: Iterable[Entry]) -> Iterator[str]:
    """A line for each file that was left out, and for lines that are no records."""
    words = {
        "file": "left out: {name}",
        "line": "not read: {count:,} of its lines, the first {name}",
    }
    for entry in entries:
        for note in entry.notes:
            yield f"{visible(entry.name)}: {visible(note)}\n"
        for kind, name, count in entry.source.met if entry.source else ():
            if kind in words:
                said = words[kind].format(name=name, count=count)
                yield f"{visible(entry.name)}: {visible(said)}\n"
