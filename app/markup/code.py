"""Blocks of code as safe HTML, coloured by Pygments where the fence names a known language.

Colours are classes only. Does not guess languages, and does not trust a lexer with its time: what
is long, or shaped to make one slow, stays uncoloured.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from itertools import groupby
from typing import Any

from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
from pygments.token import Token  # type: ignore[import-untyped]

from .characters import HIDDEN, plain

CODE_LIMIT = 20_000
"""Longer code blocks, in code points, are not coloured."""
COLOUR_SECONDS = 0.05
"""When a message's code has taken so long to colour, the rest of its blocks stay uncoloured."""

_LANGUAGE_NAMES = (
    "bash batch c c# c++ clojure cmake console cpp csharp css dart diff docker dockerfile elixir"
    " fortran glsl go golang graphql groovy haskell hs html ini java javascript js json jsx julia"
    " kotlin latex lisp lua make makefile matlab nasm nginx ocaml octave perl php powershell ps1"
    " py python python3 r racket rb rs ruby rust scala scheme scss sh shell solidity sql swift"
    " tex toml ts tsx typescript vbnet xml yaml yml zig zsh"
)
_COMMONEST = "python bash javascript html cpp matlab java csharp php rust sql r c json"
LANGUAGES = frozenset(_LANGUAGE_NAMES.split())
"""Names on a code fence that are coloured, and that may stand in a ``language-`` class."""

_COPY = '<button type="button" class="copy" aria-label="Copy the code"></button>'
_TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*>')


class Deadline:
    """How long a message's code may still take to be coloured."""

    def __init__(self) -> None:
        self._left = COLOUR_SECONDS

    def watch(self, tokens: Iterator[Any]) -> Iterator[Any]:
        """``tokens``; raises _TooSlowError when the time is used up."""
        start = time.perf_counter()
        for token in tokens:
            if time.perf_counter() - start > self._left:
                self._left = 0.0
                raise _TooSlowError
            yield token
        self._left -= time.perf_counter() - start


class _TooSlowError(Exception):
    """A lexer took longer than the text is worth."""


# Lexers are quadratic, some cubic, in long runs of white space and in long lines.
_SLOW_CODE = re.compile(r"\s{60}|[^\n]{400}")


def code_block(text: str, info: str, deadline: Deadline) -> str:
    """A fenced or indented block of code; with ``info``, what followed the fence, shown above.

    Its button has no text, for what is in the page's text is searched; style gives it one.
    """
    language = info.partition(" ")[0].lower()
    if language not in LANGUAGES:
        block = f"<code>{plain(text)}</code>"
    else:
        coloured = _coloured(text, language, deadline)
        block = f'<code class="language-{language}">{coloured}</code>'
    label = f'<span class="lang">{plain(info)}</span>' if info else ""
    return f'<div class="code" dir="ltr">{label}{_COPY}<pre tabindex="0">{block}</pre></div>'


def _coloured(text: str, language: str, deadline: Deadline) -> str:
    if len(text) > CODE_LIMIT or _SLOW_CODE.search(text) or HIDDEN.search(text):
        return plain(text)
    lexer = _lexer(language)
    pieces: list[str] = []
    try:
        tokens = deadline.watch(lexer.get_tokens(text))
        for colour, run in groupby(tokens, key=lambda token: _colour(token[0])):
            shown = escape("".join(value for _, value in run))
            pieces.append(f'<span class="{colour}">{shown}</span>' if colour else shown)
    except _TooSlowError:
        return plain(text)
    page = "".join(pieces)
    # A lexer that changed the text, a tab or a line end, has not earned its colours.
    return page if unescape(_TAG.sub("", page)) == text else plain(text)


def warm() -> None:
    """Have the lexers of the commonest languages, which takes some 0.2 s: else the first page of each would
    take up to 80 ms more."""
    for language in _COMMONEST.split():
        _lexer(language)


@lru_cache(maxsize=len(LANGUAGES))
def _lexer(language: str) -> Any:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


_COLOURS = {
    Token.Comment: "hl-c",
    Token.Keyword: "hl-k",
    Token.Operator.Word: "hl-k",
    Token.Literal.String: "hl-s",
    Token.Literal.Number: "hl-m",
    Token.Name.Function: "hl-f",
    Token.Name.Class: "hl-f",
    Token.Name.Builtin: "hl-b",
    Token.Name.Decorator: "hl-b",
    Token.Name.Tag: "hl-t",
    Token.Name.Attribute: "hl-a",
    Token.Generic.Deleted: "hl-d",
    Token.Generic.Inserted: "hl-i",
}
"""The class of each kind of token; a kind that is not here has its parent's, or none."""


@lru_cache(maxsize=512)
def _colour(kind: Any) -> str:
    while kind is not None and kind not in _COLOURS:
        kind = kind.parent
    return _COLOURS.get(kind, "")
