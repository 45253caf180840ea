"""The search language: from what was typed to a typed tree. Pure; refuses only what its errors say.

Words, ``"phrases"``, ``prefix*``, literals such as ``C++``, ``/regexes/``; ``OR``, ``-`` or ``NOT``,
``(groups)``; ``prompt:``, ``reasoning:``, ``answer:`` before any of them; ``id:``. What could be no
operator where it stands is text: unbalanced quotes and brackets, ``OR`` with nothing beside it, a
``-`` inside an item. Operators and quotes are read from the text as it was typed, in ASCII alone; the
terms between them are then normalised, and one that is nothing then asks for nothing.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from ...conversations.words import DROPPED, normalise, words
from ...errors import InvalidInput
from ...store.schema import PARTS
from .regexes import checked
from .tree import (
    All,
    Any,
    Identity,
    Leaf,
    Literal,
    Node,
    Phrase,
    Prefix,
    Regex,
    Term,
    Word,
    joined,
    negated,
)

LONGEST = 1_000  # characters of a query
DEEPEST = 50  # brackets in brackets

TRAILING = ",.;:?!"
_AFTER = re.compile(rf"[{TRAILING}{DROPPED}]+(?=\s|\)|\Z)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NAMED = re.compile(rf"({'|'.join(PARTS)}|id):(?=[^\s)])")
_REGEX = re.compile(r"/((?:[^/\\]|\\.)+)/(?=\s|\)|\Z)", re.S)
_QUOTED = re.compile(r'"([^"]*)"')
NEGATIVE = re.compile(r"-(?:\d+(?:[.,]\d+)*|\.\d+)(?:e[+-]?\d+)?")  # of a normalised text


def check_text(name: str, text: str, controls: bool = False) -> str:
    """The text of a parameter as it is. Raises InvalidInput for what no text can hold.

    ``controls`` lets control characters through: no word has any, but values of the source may.
    """
    if found := (_SURROGATES if controls else _CONTROLS).search(text):
        raise InvalidInput(
            f"'{name}' holds a character that cannot be searched: U+{ord(found[0]):04X}"
        )
    return text


def parse(query: str) -> Node | None:
    """The tree of a query; None where it asks for nothing.

    Raises InvalidInput for a query that is too long or too deep, a character that no text can hold,
    or a regex that is none.
    """
    if len(check_text("q", query)) > LONGEST:
        raise InvalidInput(f"'q' has {len(query):,} characters; at most {LONGEST:,} are taken")
    literal: set[int] = set()
    while True:
        parser = _Parser(query, literal)
        if not parser.unclosed:
            return parser.node
        literal.update(parser.unclosed)  # these brackets close nowhere: they are text


@dataclass
class _Group:
    """An open bracket, or the query: its alternatives so far, each a list of nodes."""

    at: int
    part: str
    negate: bool
    height: int = 1  # how deep brackets that are closed stand in each other here
    alternatives: list[list[Node]] = field(default_factory=lambda: [[]])

    def add(self, node: Node | None) -> None:
        if node is not None:
            self.alternatives[-1].append(node)

    @property
    def wants(self) -> bool:
        """Whether the next thing can only be an operand."""
        return not self.alternatives[-1]

    @cached_property
    def node(self) -> Node | None:
        found = [joined(All, nodes) for nodes in self.alternatives if nodes]
        node = joined(Any, found) if found else None
        return negated(node) if node is not None and self.negate else node


class _Parser:
    """Reads a query once. ``literal``: places of brackets that are text."""

    def __init__(self, text: str, literal: set[int]) -> None:
        self.text = text
        self.literal = literal
        self.at = 0
        self.groups = [_Group(-1, "", False)]
        while self._skip_space():
            if text[self.at] == ")" and len(self.groups) > 1:
                self._close()
            else:
                self._item()
        self.unclosed = [group.at for group in self.groups[1:]]
        self.node = self.groups[0].node

    def _skip_space(self) -> bool:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def _close(self) -> None:
        group = self.groups.pop()
        if group.height > DEEPEST:
            raise InvalidInput(f"the brackets stand in each other more than {DEEPEST} deep")
        self.groups[-1].height = max(self.groups[-1].height, group.height + 1)
        self.groups[-1].add(group.node)
        self.at += 1
        self._skip_trailing()

    def _skip_trailing(self) -> None:
        """Go past the punctuation of a sentence that ends with a quote or a bracket."""
        found = _AFTER.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _item(self) -> None:
        """Operators, then what they stand before."""
        group = self.groups[-1]
        if not group.wants and self._operator("OR"):
            group.alternatives.append([])
            return
        if not group.wants and self._operator("AND"):
            self._skip_space()
        negate = False
        if self._operator("NOT"):
            negate = True
            self._skip_space()
        if self.text[self.at] == "-" and self._stands_before(self.at + 1):
            self.at += 1
            negate = not negate
        self._operand(negate)

    def _operator(self, name: str) -> bool:
        """Go past an operator where something that it stands before follows."""
        end = self.at + len(name)
        if not self.text.startswith(name, self.at) or not self.text[end : end + 1].isspace():
            return False
        rest = self.text[end:].lstrip()
        if not rest or (rest[0] == ")" and len(self.groups) > 1):
            return False
        self.at = end
        return True

    def _stands_before(self, at: int) -> bool:
        """Whether an operand begins here."""
        char = self.text[at : at + 1]
        return bool(char) and not char.isspace() and not (char == ")" and len(self.groups) > 1)

    def _operand(self, negate: bool) -> None:
        part = ""
        while (named := _NAMED.match(self.text, self.at)) and named[1] != "id":
            part = named[1]
            self.at = named.end()
        if self._opens():
            self._open(part or self.groups[-1].part, negate)
            return
        part = part or self.groups[-1].part
        if named:
            self.at = named.end()
            node: Node | None = Identity(self._quoted() or self._bare())
        elif regex := _REGEX.match(self.text, self.at):
            self.at = regex.end()
            node = Leaf(Regex(checked(regex[1])), part)
        elif (quoted := self._quoted()) is not None:
            node = _leaf(_phrase(quoted), part)
        else:
            node = _leaf(_bare(self._bare()), part)
        self.groups[-1].add(negated(node) if node is not None and negate else node)

    def _opens(self) -> bool:
        following = self.text[self.at : self.at + 2]
        return following[:1] == "(" and following != "()" and self.at not in self.literal

    def _open(self, part: str, negate: bool) -> None:
        self.groups.append(_Group(self.at, part, negate))
        self.at += 1

    def _quoted(self) -> str | None:
        found = _QUOTED.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        self._skip_trailing()
        return found[1]

    def _bare(self) -> str:
        """The text up to white space, a quote that is closed, or the bracket that ends the group."""
        start, depth = self.at, 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace() or (self.at > start and _QUOTED.match(self.text, self.at)):
                break
            if char == ")" and not depth and len(self.groups) > 1:
                break
            depth += {"(": 1, ")": -1 if depth else 0}.get(char, 0)
            self.at += 1
        return self.text[start : self.at]


def _leaf(term: Term | None, part: str) -> Node | None:
    return None if term is None else Leaf(term, part)


def _bare(item: str) -> Term | None:
    """A bare item: one word, a prefix, or a literal."""
    found = words(item)
    if found:
        item = item.rstrip(TRAILING + DROPPED)  # what counts as nothing hides no punctuation
    normal = normalise(item)
    if len(found) == 1 and normal == found[0]:
        return Word(normal)
    if len(found) == 1 and normal == f"{found[0]}*" and item.endswith("*"):
        return Prefix(found[0])
    return Literal(normal) if normal.strip() else None


def _phrase(text: str) -> Term | None:
    """A quoted text: one word, a phrase, or a literal. A ``-`` and a number are a literal too: as a word
    it would lose its sign, and without quotes the sign is an operator."""
    found, normal = words(text), normalise(text)
    if NEGATIVE.fullmatch(normal.strip()):
        return Literal(normal.strip())
    if len(found) == 1:
        return Word(found[0])
    if found:
        return Phrase(tuple(found))
    return Literal(normal) if normal.strip() else None
