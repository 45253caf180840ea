"""Generated trees of the search language, drawn from texts so that they find something, and their
rendering as what a user types."""

import random
import re
import unicodedata
from collections.abc import Sequence

from app.search.request.tree import (
    All,
    Any,
    Identity,
    Leaf,
    Literal,
    Node,
    Not,
    Phrase,
    Prefix,
    Regex,
    Term,
    Word,
)

from .brute import PARTS, Texts, item_term, norm, words

OPERATORS = {"OR", "AND", "NOT"}
SPACES = (" ", " ", " ", "  ", "\t", "\n", "\u3000", "\u00a0")
GLUE = (" ", " ", ", ", "-", "\u2011", "\u2019", "\u00ad ", " — ", "\n", "...", "")
NAMED = re.compile("(prompt|reasoning|answer|id):")
PATTERNS = (
    r"\d+", r"(?i)hello", r"[A-Z]{2,}", r"^\w", r"\bthe\b", r"[а-я]+\W[а-я]+", r"你.?好|東京",
    r"\(\)", r"\.\.\.", r"C\+\+", r"a.{0,3}b", r"[^\x00-\x7f]{3}", r"zzz", r"\s\s", r"\A\s|x", "e\u0301",
)  # fmt: skip  # of those that Python's re and RE2 read alike


def joined(kind: type[All] | type[Any], nodes: Sequence[Node]) -> Node:
    """One node of several: flat, each child once, no node of one child."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.children if isinstance(node, kind) else (node,)
    flat = list(dict.fromkeys(flat))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def negated(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(node)


def can_be_typed(item: str) -> bool:
    """Whether an item is text wherever it stands: no operator, quote, space or lone bracket in it."""
    depth = 0
    for char in item:
        depth += (char == "(") - (char == ")")
        if depth < 0 or char.isspace() or char == '"':
            return False
        if unicodedata.category(char) in ("Cc", "Cs"):
            return False
    first_free = item[:1] not in ("", "-", "(", "/") and not NAMED.match(item)
    return depth == 0 and first_free and item not in OPERATORS


class Maker:
    """Makes trees of terms of some texts; ``typed`` is how each term may be written."""

    def __init__(self, rng: random.Random, texts: Texts) -> None:
        self.rng, self.texts = rng, texts
        self.typed: dict[Term, str] = {}

    # ------------------------------------------------------------------------------------- terms

    def leaf(self, row: int) -> Node:
        """A leaf that the row is found by, more often than not."""
        rng = self.rng
        if rng.random() < 0.05 and (identity := self.texts.ids[row]):
            return Identity(identity)
        part = rng.choice([part for part in PARTS if self.texts.tokens[part][row]] or PARTS)
        term = self.term(part, row)
        return Leaf(term, rng.choice(["", "", part]))

    def term(self, part: str, row: int) -> Term:
        makers = (
            *(self.word, self.word, self.prefix, self.phrase),
            *(self.item, self.item, self.quoted, self.negative),
        )
        for _ in range(8):
            made: tuple[Term, str] | None = self.rng.choice(makers)(part, row)
            if made is not None:
                self.typed[made[0]] = made[1]
                return made[0]
        if self.rng.random() < 0.5:
            pattern = self.rng.choice(PATTERNS)
            self.typed[Regex(pattern)] = f"/{pattern}/"
            return Regex(pattern)
        self.typed[Word("absent")] = "absent"
        return Word("absent")

    def word(self, part: str, row: int) -> tuple[Term, str] | None:
        tokens = self.texts.tokens[part][row]
        word = self.rng.choice(tokens) if tokens else "absent"
        return self._written(word + self.rng.choice(["", "", "", ",", "?!", ":"]), Word)

    def prefix(self, part: str, row: int) -> tuple[Term, str] | None:
        tokens = self.texts.tokens[part][row]
        word = self.rng.choice(tokens) if tokens else "absent"
        return self._written(word[: self.rng.randint(1, len(word))] + "*", Prefix)

    def item(self, part: str, row: int) -> tuple[Term, str] | None:
        """A piece of the text, cut anywhere."""
        text = self.texts.parts[part][row]
        start = self.rng.randrange(len(text) + 1)
        pieces = text[start : start + self.rng.randint(1, 14)].split()
        return self._written(self.rng.choice(pieces), None) if pieces else None

    def _written(self, item: str, kind: type | None) -> tuple[Term, str] | None:
        if self.rng.random() < 0.3:
            item = item.swapcase()
        term = item_term(item) if can_be_typed(item) else None
        if term is None or (kind is not None and type(term) is not kind):
            return None
        return term, item

    def phrase(self, part: str, row: int) -> tuple[Term, str] | None:
        tokens = self.texts.tokens[part][row]
        if len(tokens) < 2:
            return None
        start = self.rng.randrange(len(tokens) - 1)
        wanted = tokens[start : start + self.rng.randint(2, 4)]
        text = self.rng.choice(GLUE).join(wanted)
        if words(text) != wanted:
            return None
        return Phrase(tuple(wanted)), f'"{text}"'

    def quoted(self, part: str, row: int) -> tuple[Term, str] | None:
        """A run of what is no word, white space too."""
        text = self.texts.parts[part][row]
        runs = [run for run in re.findall(r"[^\w\"\x00-\x08\x0b-\x1f\x7f]+", text) if run.strip()]
        run = self.rng.choice(runs) if runs else "..."
        if words(run) or not norm(run).strip():
            return None
        return Literal(norm(run)), f'"{run}"'

    def negative(self, part: str, row: int) -> tuple[Term, str] | None:
        """A quoted ``-`` and a number: that very text."""
        numbers = [word for word in self.texts.tokens[part][row] if word.isdecimal()]
        if not numbers or self.rng.random() < 0.5:
            return None
        number = self.rng.choice(numbers)
        sign = self.rng.choice(("-", "\u2212", "\u2011"))
        return Literal(f"-{number}"), f'"{sign}{number}"'

    # ------------------------------------------------------------------------------------- trees

    def tree(self, depth: int = 2) -> Node:
        """A tree about one row, with others mixed in."""
        return self._tree(self.rng.randrange(self.texts.rows), depth)

    def _tree(self, row: int, depth: int) -> Node:
        rng = self.rng
        if rng.random() < 0.25:
            row = rng.randrange(self.texts.rows)
        if not depth or rng.random() < 0.3:
            return negated(self.leaf(row)) if rng.random() < 0.12 else self.leaf(row)
        children = [self._tree(row, depth - 1) for _ in range(rng.randint(2, 3))]
        kinds: list[type[All] | type[Any]] = [All, All, Any]
        node = joined(rng.choice(kinds), children)
        return negated(node) if rng.random() < 0.1 else node

    # --------------------------------------------------------------------------------- rendering

    def render(self, node: Node) -> str:
        """What is typed for a tree."""
        return self._inline(node, "")

    def _inline(self, node: Node, part: str) -> str:
        """A node where nothing else stands beside it."""
        if isinstance(node, Any):
            return f"{self._space()}OR{self._space()}".join(
                self._all(child, part) if isinstance(child, All) else self._operand(child, part)
                for child in node.children
            )
        return self._all(node, part) if isinstance(node, All) else self._operand(node, part)

    def _all(self, node: All, part: str) -> str:
        text = ""
        for child in node.children:
            between = self._space() + self.rng.choice(["", "", "", f"AND{self._space()}"])
            text += (between if text else "") + self._operand(child, part)
        return text

    def _operand(self, node: Node, part: str) -> str:
        if isinstance(node, Leaf):
            explicit = node.part and (node.part != part or self.rng.random() < 0.2)
            return (f"{node.part}:" if explicit else "") + self.typed[node.term]
        if isinstance(node, Identity):
            plain = can_be_typed(node.text) and self.rng.random() < 0.5
            return f"id:{node.text}" if plain else f'id:"{node.text}"'
        if isinstance(node, Not):
            sign = self.rng.choice(["-", "-", f"NOT{self._space()}"])
            return sign + self._operand(node.child, part)
        named = _parts(node)
        if len(named) == 1 and "" not in named and self.rng.random() < 0.7:
            part = next(iter(named))
            return f"{part}:({self._inline(node, part)})"
        return f"({self._inline(node, part)})"

    def _space(self) -> str:
        return self.rng.choice(SPACES)


def _parts(node: Node) -> set[str]:
    """The parts that the leaves of a tree name."""
    if isinstance(node, Leaf):
        return {node.part}
    if isinstance(node, Not):
        return _parts(node.child)
    if isinstance(node, Identity):
        return set()
    return {part for child in node.children for part in _parts(child)}
