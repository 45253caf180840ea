"""The search language: every rule as examples, generated trees there and back, and any text at all."""

import random
import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.conversations.words import normalise
from app.errors import InvalidInput
from app.search import hits
from app.search.request.language import parse
from app.search.request.offers import offered
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
    leaves,
)
from app.search.shard import matching
from app.search.shard.row_sets import Integers, Postings

from ..brute import Texts
from ..generated import some_parts
from ..trees import Maker


def w(text: str, part: str = "") -> Leaf:
    return Leaf(Word(text), part)


def lit(text: str, part: str = "") -> Leaf:
    return Leaf(Literal(text), part)


def ph(text: str, part: str = "") -> Leaf:
    return Leaf(Phrase(tuple(text.split())), part)


def pre(text: str, part: str = "") -> Leaf:
    return Leaf(Prefix(text), part)


def rx(text: str, part: str = "") -> Leaf:
    return Leaf(Regex(text), part)


def every(*nodes: Node) -> All:
    return All(nodes)


def either(*nodes: Node) -> Any:
    return Any(nodes)


A, B, C, D = w("a"), w("b"), w("c"), w("d")

EXAMPLES: dict[str, list[tuple[str, Node | None]]] = {
    "nothing": [
        ("", None),
        ("   \t\n\u3000", None),
        ('""', None),
        (' "" ', None),
        ('" "', None),
        ('""""', None),
        ('prompt:""', None),
        ('-""', None),
        ('NOT ""', None),
        ('("")', None),
        ('-("" "")', None),
        ('a ""', A),
        ('a OR ""', A),
        ("\u00ad", None),
        (" \ufeff \u2060\u00ad ", None),
        ('"\u2060"', None),
        ('" \u00ad "', None),
        ("-\u00ad", None),
        ("NOT \u00ad", None),
        ("(\u00ad)", None),
        ("prompt:\u00ad", None),
        ("a OR \ufeff", A),
    ],
    "what is the same letter": [
        ("\u0130stanbul ISTANBUL I\u0307stanbul", w("istanbul")),
        ("don\u2019t don\u2018t don\u02bct don't", lit("don't")),
        ("\u0149", lit("'n")),  # what NFKC makes is folded too
        ("x\u2010y x\u2011y x\u2012y x\u2013y x\u2212y x\uff0dy x-y", lit("x-y")),
        ("x\u2014y", lit("x\u2014y")),
        ("soft\u00adhyphen so\u2060ft\ufeffhyphen softhyphen", w("softhyphen")),
        ("\ufeffa a\u2060", A),
        ("e\u00ad\u0301", w("e\u0301")),  # no letter with its accent
        ('"soft\u00adhyphen"', w("softhyphen")),
        ('"a\u2060b c"', ph("ab c")),
        ("東\u00ad京", lit("東京")),
        ("so\u00adft*", pre("soft")),
        ("C\u00ad++", lit("c++")),
    ],
    "words": [
        ("Hello", w("hello")),
        ("hello, world!", every(w("hello"), w("world"))),
        ("a A a", A),
        ("STRASSE straße", w("strasse")),
        ("ﬁne fine", w("fine")),
        ("привет 42 _x x²", every(w("привет"), w("42"), w("_x"), w("x2"))),
        ("の", w("の")),
        ("cafe\u0301", w("café")),
        ("\u0301", w("\u0301")),
        ("한국어", w("한국어")),
        ("हिन्दी", w("हिन्दी")),
        ("or and not", every(w("or"), w("and"), w("not"))),
        ("Or And Not", every(w("or"), w("and"), w("not"))),
        ("one\u3000two\u00a0three", every(w("one"), w("two"), w("three"))),
        ("x" * 1_000, w("x" * 1_000)),
    ],
    "trailing punctuation": [
        ("what?!;:.,", w("what")),
        ("C++,", lit("c++")),
        ("3.14.", lit("3.14")),
        ("東京?", lit("東京")),
        ("...", lit("...")),
        ("?!", lit("?!")),
        (",a,", lit(",a")),
        ("a!)", lit("a!)")),
        ("a！", lit("a!")),  # only what is typed in ASCII is dropped
        ("pre*,", pre("pre")),
        ('"a!"', A),
        ("id:a!", Identity("a!")),
        ("what?\u00ad!\u2060", w("what")),
        ("pre*\ufeff", pre("pre")),
        ('"a b"\u2060.', ph("a b")),
        ("(a b).", every(A, B)),
        ("(a (b)?)!", every(A, B)),
        ("(a) .", every(A, lit("."))),
    ],
    "literals": [
        ("C++", lit("c++")),
        ("3.14", lit("3.14")),
        ("foo.bar()", lit("foo.bar()")),
        ("don't", lit("don't")),
        ("東京", lit("東京")),
        ("DNA鑑定", lit("dna鑑定")),
        ("😀", lit("😀")),
        ("½", lit("1⁄2")),
        ("a½", lit("a1⁄2")),
        ("´", lit(" \u0301")),
        ("a\\b", lit("a\\b")),
        ("*", lit("*")),
        ("*a", lit("*a")),
        ("a*b", lit("a*b")),
        ("a**", lit("a**")),
        ("c++*", lit("c++*")),
        ("東京*", lit("東京*")),
    ],
    "phrases": [
        ('"exact phrase"', ph("exact phrase")),
        ('"Exact,   PHRASE!"', ph("exact phrase")),
        ('"one"', w("one")),
        ('"one*"', w("one")),  # no prefix inside a phrase
        ('"one two*"', ph("one two")),
        ('"東京"', ph("東 京")),
        ('"3.14"', ph("3 14")),
        ('"..."', lit("...")),
        ('" ... "', lit(" ... ")),
        ('"a b""c d"', every(ph("a b"), ph("c d"))),
        ('a"b c"d', every(A, ph("b c"), D)),
        ('"a OR b"', ph("a or b")),
        ('"(a) -b"', ph("a b")),
        ('"a\nb"', ph("a b")),
    ],
    "a quoted - and a number": [
        ('"-1"', lit("-1")),
        ('" -1 "', lit("-1")),
        ('"\u22121"', lit("-1")),
        ('"-3.14"', lit("-3.14")),
        ('"-1,000.5"', lit("-1,000.5")),
        ('"-.5"', lit("-.5")),
        ('"-1e-9"', lit("-1e-9")),
        ('answer:"-1"', lit("-1", "answer")),
        ('-"-1"', Not(lit("-1"))),
        ('a "-1"', every(A, lit("-1"))),
        ('"-1 2"', ph("1 2")),
        ('"-1."', w("1")),
        ('"- 1"', w("1")),
        ('"x -1"', ph("x 1")),
        ('"+1"', w("1")),
        ('"-a"', A),
        ("-1", Not(w("1"))),
        ("\u22121", lit("-1")),
    ],
    "prefixes": [
        ("pre*", pre("pre")),
        ("PRE*", pre("pre")),
        ("ﬁ*", pre("fi")),
        ("東*", pre("東")),
        ("-pre*", Not(pre("pre"))),
        ("answer:pre*", pre("pre", "answer")),
        ("pre\uff0a", lit("pre*")),  # only what is typed in ASCII is an operator
    ],
    "or": [
        ("a OR b", either(A, B)),
        ("a b OR c", either(every(A, B), C)),
        ("a OR b c", either(A, every(B, C))),
        ("a (b OR c)", every(A, either(B, C))),
        ("a OR b OR a", either(A, B)),
        ("a OR (b OR c)", either(A, B, C)),
        ("OR", w("or")),
        ("OR a", every(w("or"), A)),
        ("a OR", every(A, w("or"))),
        ("a OR OR b", either(A, every(w("or"), B))),
        ("a or b", every(A, w("or"), B)),
        ("a ORb", every(A, w("orb"))),
        ("a OR(b)", every(A, lit("or(b)"))),
        ("a ＯＲ b", every(A, w("or"), B)),  # noqa: RUF001
        ("(a OR) b", every(A, w("or"), B)),
        ("(OR a)", every(w("or"), A)),
        ("a OR -b", either(A, Not(B))),
        ('"a" OR "b c"', either(A, ph("b c"))),
    ],
    "and": [
        ("a AND b", every(A, B)),
        ("a AND b OR c", either(every(A, B), C)),
        ("AND a", every(w("and"), A)),
        ("a AND", every(A, w("and"))),
        ("a AND AND b", every(A, w("and"), B)),
        ("(a AND) b", every(A, w("and"), B)),
        ("a AND -b", every(A, Not(B))),
        ("a AND NOT b", every(A, Not(B))),
        ("a AND (b OR c)", every(A, either(B, C))),
    ],
    "not": [
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("a -b", every(A, Not(B))),
        ("a NOT b", every(A, Not(B))),
        ("NOT", w("not")),
        ("a NOT", every(A, w("not"))),
        ("(a NOT) b", every(A, w("not"), B)),
        ("not a", every(w("not"), A)),
        ("NOT -a", A),
        ("--a", Not(lit("-a"))),
        ("-", lit("-")),
        ("- a", every(lit("-"), A)),
        ("a - b", every(A, lit("-"), B)),
        ("x-y", lit("x-y")),
        ("-x-y", Not(lit("x-y"))),
        ("(-a)", Not(A)),
        ("-(a b)", Not(every(A, B))),
        ("-(-a)", A),
        ("NOT (a OR b)", Not(either(A, B))),
        ('-"a b"', Not(ph("a b"))),
        ("-/x/", Not(rx("x"))),
        ("-prompt:a", Not(w("a", "prompt"))),
        ("prompt:-a", lit("-a", "prompt")),
        ("a OR NOT b", either(A, Not(B))),
        *((f"{sign}a", lit("-a")) for sign in "\u2010\u2011\u2012\u2013\u2212\uff0d"),
        ("\ufeff-a", lit("-a")),
        ("-\u00ada", Not(A)),
    ],
    "groups": [
        ("(a)", A),
        ("((a))", A),
        ("(a b) c", every(A, B, C)),
        ("(a OR b) c", every(either(A, B), C)),
        ("(a)(b)", every(A, B)),
        ("(a)b", every(A, B)),
        ("( a )", A),
        ("()", lit("()")),
        ("a ()", every(A, lit("()"))),
        ("( )", None),
        ("(", lit("(")),
        (")", lit(")")),
        ("(a", lit("(a")),
        ("a)", lit("a)")),
        ("(a (b)", every(lit("(a"), B)),
        ("(a))", every(A, lit(")"))),
        ("a(b)", lit("a(b)")),
        ("(a(b))", lit("a(b)")),
        ("(foo.bar() OR a)", either(lit("foo.bar()"), A)),
        ("a(b c)", every(lit("a(b"), lit("c)"))),
        ("(a OR (b c", either(lit("(a"), every(lit("(b"), C))),
        ("f( (a)", every(lit("f("), A)),
        ("(" * 60, lit("(" * 60)),
        ("( " * 60, lit("(")),
    ],
    "parts": [
        ("prompt:a", w("a", "prompt")),
        ("reasoning:a", w("a", "reasoning")),
        ("answer:C++", lit("c++", "answer")),
        ('reasoning:"wait, let me"', ph("wait let me", "reasoning")),
        ("answer:(a OR b)", either(w("a", "answer"), w("b", "answer"))),
        ("answer:(a prompt:b)", every(w("a", "answer"), w("b", "prompt"))),
        (
            "answer:(a (b OR c))",
            every(w("a", "answer"), either(w("b", "answer"), w("c", "answer"))),
        ),
        ("answer:/x y/", rx("x y", "answer")),
        ("answer:prompt:a", w("a", "prompt")),
        ("prompt: a", every(w("prompt"), A)),
        ("prompt:", w("prompt")),
        ("(prompt:) a", every(w("prompt"), A)),
        ("Prompt:a", lit("prompt:a")),
        ("other:a", lit("other:a")),
        ("http://x", lit("http://x")),
        ("xprompt:a", lit("xprompt:a")),
        ("prompt：a", lit("prompt:a")),  # noqa: RUF001
        ("prompt:prompt", w("prompt", "prompt")),
        ("a prompt:a", every(A, w("a", "prompt"))),
        ('prompt:"', lit('"', "prompt")),
    ],
    "ids": [
        ("id:c01", Identity("c01")),
        ('id:"a b"', Identity("a b")),
        ("id:C++,", Identity("C++,")),
        ("-id:7", Not(Identity("7"))),
        ("id:7 a", every(Identity("7"), A)),
        ("(id:7)", Identity("7")),
        ("(id:a(b))", Identity("a(b)")),
        ("id:id:7", Identity("id:7")),
        ("id:-7", Identity("-7")),
        ("id: 7", every(w("id"), w("7"))),
        ("ID:7", lit("id:7")),
        ("prompt:id:7", Identity("7")),
        ('id:""', Identity("")),
        ("id:ﬁ", Identity("ﬁ")),
    ],
    "regexes": [
        ("/a.*b/", rx("a.*b")),
        ("/a b/", rx("a b")),
        (r"/a\/b/", rx(r"a\/b")),
        (r"(/a\)/ OR b)", either(rx(r"a\)"), B)),
        ("/A/", rx("A")),
        ("/(?i)a/", rx("(?i)a")),
        ("/a/ b", every(rx("a"), B)),
        ("(/a/ OR b)", either(rx("a"), B)),
        ("/a/b", lit("/a/b")),
        ("/a/b/", lit("/a/b/")),
        ("//", lit("//")),
        ("/", lit("/")),
        ("/usr/bin", lit("/usr/bin")),
        ("a/b/", lit("a/b/")),
        ('/"a b"/', rx('"a b"')),
        ("/-a/", rx("-a")),
        ("/a\nb/", rx("a\nb")),
    ],
    "quotes that are not balanced": [
        ('"a', lit('"a')),
        ('a"', lit('a"')),
        ('"', lit('"')),
        ('"a b', every(lit('"a'), B)),
        ('5" tape', every(lit('5"'), w("tape"))),
        ('"a b" c"', every(ph("a b"), lit('c"'))),
        ("“a b”", every(lit("“a"), lit("b”"))),  # noqa: RUF001
        ("'a b'", every(lit("'a"), lit("b'"))),
    ],
}


@pytest.mark.parametrize(
    ("typed", "tree"),
    [pair for pairs in EXAMPLES.values() for pair in pairs],
    ids=[f"{rule}-{place}" for rule, pairs in EXAMPLES.items() for place in range(len(pairs))],
)
def test_examples(typed: str, tree: Node | None) -> None:
    assert parse(typed) == tree


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("-1", '"-1"'),
        (" -3.14, ", '"-3.14"'),
        ("-1,000", '"-1,000"'),
        ("-.5", '"-.5"'),
        ("-1e5", '"-1e5"'),
        ("-\uff11", '"-\uff11"'),
        ("\u22121", ""),  # is that text already
        ('"-1"', ""),
        ("1", ""),
        ("-a", ""),
        ("-", ""),
        ("-1 2", ""),
        ("(-1)", ""),
        ("prompt:-1", ""),
        ("-1%", ""),
        ("", ""),
    ],
)
def test_what_is_nothing_but_a_sign_and_a_number_has_another_search_offered(
    typed: str, other: str
) -> None:
    assert offered(typed) == other
    if other:
        assert isinstance(parse(typed), Not)
        assert parse(other) == lit(normalise(other.strip('"')))
        assert offered(other) == ""


@pytest.mark.parametrize(
    "pattern", ["(", "a)", "[", "*", "a{2,1}", r"\1", "(?=a)", "(?P<a", "a{9999}"]
)
def test_a_regex_that_is_none_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(InvalidInput, match="is no regular expression") as refused:
        parse(f"a /{pattern}/")
    assert f"/{pattern}/" in refused.value.sentence
    assert "Invalid regular expression" not in refused.value.sentence


@pytest.mark.parametrize("char", ["\0", "\x07", "\x1b", "\x7f", "\ud800"])
def test_what_no_word_can_hold_is_refused_by_its_code_point(char: str) -> None:
    with pytest.raises(InvalidInput, match=f"'q'.*U\\+{ord(char):04X}") as refused:
        parse(f"a{char}b")
    refused.value.sentence.encode("utf-8")


def test_the_longest_query() -> None:
    with pytest.raises(InvalidInput, match="1,001 characters; at most 1,000"):
        parse("x" * 1_001)


def test_terms_that_are_looked_for() -> None:
    tree = parse("a b OR prompt:a -c (d -(e)) id:7 a")
    assert leaves(tree) == (A, B, w("a", "prompt"), D)
    assert leaves(None) == ()
    assert leaves(parse("-a")) == ()


# ------------------------------------------------------------------------------------- any text


class Empty:
    """An index of three rows where nothing is found."""

    rows = 3

    def postings(self, part: str, term: Term) -> Postings:
        return Postings(np.empty(0, np.int64), np.empty(0, np.int64))

    def identified(self, identity: str) -> Integers:
        return np.empty(0, np.int64)


def used(tree: Node | None) -> None:
    """All that is done with a tree."""
    assert tree == tree
    hash(tree)
    repr(tree)
    found = hits.finders(tree, ("prompt", "answer"))
    for find in found.values():
        find("a text (a OR b) -a")
    if tree is not None:
        matching.found(tree, ("prompt", "answer"), Empty()).listed(3)
        matching.scored(tree, ("prompt", "answer"))


TOKENS = st.sampled_from(
    ["(", ")", "-", '"', "/", " ", " ", "a", "b", "OR", " OR ", "AND ", "NOT ", "prompt:", "id:", "*",
     ":", "東", "\\", "\n", "answer:(", "-(", "\u0301", "½", "+", "[", "?", "x/y", '""', "()", "((", "))",
     "\u00ad", "\u2060", "\ufeff", "\u2019", "\u2212", "1"]
)  # fmt: skip
SYNTAX = st.lists(TOKENS, max_size=120).map("".join).map(lambda text: text[:1_000])


def parsed(typed: str) -> Node | None:
    try:
        return parse(typed)
    except InvalidInput as refused:
        refused.sentence.encode("utf-8")
        return None


@settings(max_examples=150, deadline=None)
@given(st.one_of(SYNTAX, SYNTAX, st.text(max_size=1_000)))
@example("a" + "\u0301" * 999)
def test_any_text_is_a_query_or_is_refused(typed: str) -> None:
    tree = parsed(typed)
    used(tree)
    assert parsed(typed) == tree
    assert hash(parsed(typed)) == hash(tree)


@pytest.mark.parametrize(
    "piece",
    ["(", "( ", "(a ", "-(a ", "(a OR (b ", "-(", "NOT (", "prompt:(", "((a) ", "(a)", "-(a)", ")", "a) ",
     '"', '" ', 'a"', "/", "/a ", "a OR ", "-", "- ", "NOT ", "AND ", "OR ", "()", "(()", "(a(", "prompt:",
     '("', "(/", "(a OR -", "-(a OR ", "( ) ", '"" ', "/(a ", "id:", "id:(", "*", "a* ", "(a AND "],
)  # fmt: skip
@pytest.mark.parametrize("closed", [False, True])
def test_deep_and_long_queries(piece: str, closed: bool) -> None:
    """Neither too deep for the stack nor too slow to be read."""
    typed = (piece * 1_000)[: 500 if closed else 1_000]
    typed += (")" * typed.count("("))[: 1_000 - len(typed)] if closed else ""
    start = time.process_time()
    used(parsed(typed))
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("piece", ["(", "-(", "-(a ", "(a OR (b ", "(a -(b OR "])
def test_how_deep_brackets_may_stand_in_each_other(piece: str) -> None:
    opened = piece.count("(")
    for count in (50 // opened, 300 // opened):
        typed = f"{piece * count}x" + ")" * count * opened
        if len(typed) > 1_000:
            continue
        if count * opened <= 50:
            used(parse(typed))
        else:
            with pytest.raises(InvalidInput, match="more than 50 deep"):
                parse(typed)


@pytest.mark.parametrize("piece", ["(", "( ", "(a ", "-(a ", "(a OR (b "])
def test_brackets_that_close_nowhere_are_text_however_many(piece: str) -> None:
    parse((piece * 1_000)[:1_000])


# -------------------------------------------------------------------------------------- trees


@pytest.mark.parametrize("block", range(4))
def test_trees_are_read_as_they_were_written(block: int) -> None:
    rng = random.Random(500 + block)
    texts = Texts(some_parts(rng, 40), [f"c {n}" if n % 3 else f"c{n}" for n in range(40)])
    for _ in range(500):
        maker = Maker(rng, texts)
        tree = maker.tree(rng.choice([0, 1, 2, 3]))
        typed = maker.render(tree)
        if len(typed) <= 1_000:
            assert parse(typed) == tree, typed


@pytest.mark.parametrize(
    ("typed", "bracket"),
    [("a -)", True), ("a NOT )", True), ("(a -)", False)],
)
def test_a_bracket_that_closes_nothing_can_be_left_out(typed: str, bracket: bool) -> None:
    """Outside of a group it is text like any other; inside it ends the group."""
    found = parse(typed)
    assert isinstance(found, All)
    assert (found.children[1] == Not(lit(")"))) is bracket
