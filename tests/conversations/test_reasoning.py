"""The split of a response into reasoning, answer and tags."""

import re
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.reasoning import KINDS, Split, split
from app.conversations.tag_patterns import stray_tags
from app.conversations.tags import PAIRS, THINK, Tags

OPEN, CLOSE = "<think>", "</think>"
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "real_r1_sample.parquet"
# Cases in which an opening tag that is followed by its line's end is another case.
ENDS_LINE = (
    "begins a line, never closed",
    "complete, a later tag that begins a line is never closed",
)
OTHER_PAIRS = [pair for pair in PAIRS if pair != THINK]

FRAGMENTS = (
    OPEN, CLOSE, "<Think>", "</ think>", "<think/>", " ", "\t", "\n", "\n\n", "\r\n", "\u3000",
    "```", "````", "``", "~~~", "~~~~", "- ", "1. ", "> ", "python", "hello", "wait, let me",
    "你好", "привет", "é", "e\u0301", "😀", "\0", "\u2028", "\x1c", "`", "<", ">", "|", "# ", "\\",
    "\r", "\ufeff", "\u200b", "<|im_start|>", "<｜Assistant｜>", "<|", "    ",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join)


# What may stand before the first opening tag, as the rule lists it.
IGNORABLE = re.compile(r"(?:\s|[\ufeff\u200b-\u200d\u2060]|<\|[^|<>\n]+\|>|<｜[^｜<>\n]+｜>)+")


def put_together(found: Split) -> str:
    return "".join(found.text[piece.start : piece.end] for piece in found.pieces)


# What a response is, what kind of trace it has, its reasoning, its answer.
CASES = {
    "complete": ("<think>\nr\n</think>\n\na", "complete", "r", "a"),
    "complete, on one line": ("<think>r</think>a", "complete", "r", "a"),
    "complete, no answer": ("<think>r</think>", "complete", "r", ""),
    "complete, blank answer": ("<think>r</think>\n\n", "complete", "r", ""),
    "white space before": (" \n\t<think>r</think>a", "complete", "r", "a"),
    "wide space before": ("\u3000<think>r</think>a", "complete", "r", "a"),
    "carriage returns": ("<think>\r\nr\r\n</think>\r\n\r\na", "complete", "r", "a"),
    "text before a lone tag": ("Sure.\n<think>\nr\n</think>\na", "complete", "r", "Sure.\n\na"),
    "text before, indented tag": ("Sure.\n  <think>  \nr</think>a", "complete", "r", "Sure.\n\na"),
    "lone tag, carriage returns": ("s\r\n<think>\r\nr\r\n</think>\r\na", "complete", "r", "s\n\na"),
    "ends inside a line": ("s\n<think>\nr ends here </think> a", "complete", "r ends here", "s\n\na"),
    "think inside a trace": ("<think>a <think> b</think>c", "complete", "a <think> b", "c"),
    "lone think inside a trace": (
        "<think>\na\n<think>\nb\n</think>\nc", "complete", "a\n<think>\nb", "c",
    ),
    "closed in a fence": ("<think>\n```\nx </think>\n```\na", "complete", "```\nx", "```\na"),
    "stray closing tag later": (
        "<think>r</think>a\n</think>\nb", "complete", "r", "a\n</think>\nb",
    ),
    "stray closing tag at once": ("<think>r</think></think>a", "complete", "r", "</think>a"),
    "unclosed": ("<think>\nr goes on", "unclosed", "r goes on", ""),
    "unclosed, only the tag": ("<think>", "unclosed", "", ""),
    "unclosed, blank": ("<think>\n \n", "unclosed", "", ""),
    "unclosed after text": ("s\n<think>\nr", "unclosed", "r", "s"),
    "unclosed, another case of tag": ("<think>r</Think>a", "unclosed", "r</Think>a", ""),
    "unopened": ("r\n</think>\na", "unopened", "r", "a"),
    "unopened, several lines": ("r\n\ns\n  </think>\n\na", "unopened", "r\n\ns", "a"),
    "unopened, blank before": ("\n</think>\na", "unopened", "", "a"),
    "unopened, nothing before": ("</think>\na", "unopened", "", "a"),
    "unopened, only the tag": ("</think>", "unopened", "", ""),
    "unopened, stray tag later": ("r\n</think>\na\n</think>\nb", "unopened", "r", "a\n</think>\nb"),
    "empty": ("<think></think>a", "empty", "", "a"),
    "empty, blank": ("<think>\n\n</think>\n\na", "empty", "", "a"),
    "empty, nothing else": ("<think>\n</think>", "empty", "", ""),
    "multiple": ("<think>r</think>\na\n<think>\ns\n</think>\nb", "multiple", "r\n\ns", "a\n\nb"),
    "multiple, directly after": ("<think>r</think><think>s</think>a", "multiple", "r\n\ns", "a"),
    "multiple, next line": ("<think>r</think>\n<think>s</think>a", "multiple", "r\n\ns", "a"),
    "multiple, spaces between": ("<think>r</think>  <think>s</think>a", "multiple", "r\n\ns", "a"),
    "multiple, last unclosed": ("<think>r</think>a\n<think>\ns", "multiple", "r\n\ns", "a"),
    "multiple, both empty": ("<think></think><think></think>a", "multiple", "", "a"),
    "multiple, after an unopened": ("r\n</think>\n<think>s</think>a", "multiple", "r\n\ns", "a"),
    "multiple, later one closed inline": (
        "<think>r</think>\na\n<think>\ns done.</think>\nb", "multiple", "r\n\ns done.", "a\n\nb",
    ),
    "none": ("just an answer", "none", "", "just an answer"),
    "none, no text": ("", "none", "", ""),
    "none, blank": (" \n ", "none", "", ""),
    "none, tag in prose": ("The <think> tag opens.", "none", "", "The <think> tag opens."),
    "none, both tags in prose": ("a <think>b</think> c", "none", "", "a <think>b</think> c"),
    "unopened, closes inside a line": ("r </think> a", "unopened", "r", "a"),
    "unopened, closes at a line's end": ("r. </think>\n\na", "unopened", "r.", "a"),
    "unopened, closing tag opens a line": ("r\n</think> a", "unopened", "r", "a"),
    "unopened, begins with a byte order mark": ("\ufeffr</think>a", "unopened", "\ufeffr", "a"),
    "unopened, another tag quoted": (
        "Ends at `</think>`, of `<think>`.</think>a", "unopened", "Ends at `</think>`, of `<think>`.", "a",
    ),
    "unopened, another tag in a fence": (
        "```\n<think>\n</think>\n```\nr</think>a", "unopened", "```\n<think>\n</think>\n```\nr", "a",
    ),
    "unopened, an opening tag in prose behind": (
        "r\n</think>\na <think> b", "unopened", "r", "a <think> b",
    ),
    "none, an opening tag in prose before": (
        "a <think> b\n</think>\nc", "none", "", "a <think> b\n</think>\nc",
    ),
    "none, two closing tags in prose": ("r </think> a </think> b", "none", "", "r </think> a </think> b"),
    "none, the first of two is in prose": (
        "r </think> a\n</think>\nb", "none", "", "r </think> a\n</think>\nb",
    ),
    "none, closing tag quoted": ("Write `</think>` last.", "none", "", "Write `</think>` last."),
    "begins a line": ("s\n<think>r</think>a", "complete", "r", "s\n\na"),
    "begins a line, indented": ("s\n\t <think>r\n</think> a", "complete", "r", "s\n\na"),
    "begins a line, closed far below": ("s\n<think>r\n\nq\n\n</think>a", "complete", "r\n\nq", "s\n\na"),
    "begins a line, never closed": ("s\n<think> is a tag", "none", "", "s\n<think> is a tag"),
    "begins a line, after a carriage return": ("s\r<think>r</think>a", "complete", "r", "s\n\na"),
    "multiple, begins a line": (
        "<think>r</think>a\n<think>s</think>b", "multiple", "r\n\ns", "a\n\nb",
    ),
    "multiple, second empty": ("<think>r</think>a\n<think></think>b", "multiple", "r", "a\n\nb"),
    "multiple, zero width between": (
        "<think>r</think>\u200b\n<|x|><think>s</think>a", "multiple", "r\n\ns", "a",
    ),
    "multiple, directly after and never closed": ("<think>r</think> <think>s", "multiple", "r\n\ns", ""),
    "complete, a later tag that begins a line is never closed": (
        "<think>r</think>a\n<think>s", "complete", "r", "a\n<think>s",
    ),
    "byte order mark before": ("\ufeff<think>r</think>a", "complete", "r", "a"),
    "zero width before": ("\u200b\u2060\n<think>r", "unclosed", "r", ""),
    "tokens before": (
        "<｜begin▁of▁sentence｜><|im_start|>\n<think>r</think>a", "complete", "r", "a",
    ),
    "a broken token before": ("<|im_start <think>r</think>a", "none", "", "<|im_start <think>r</think>a"),
    "tokens without a trace": ("<|im_start|>a", "none", "", "<|im_start|>a"),
    "tokens before a later trace": (
        "<|x|>a\n<think>\nr</think>b", "complete", "r", "<|x|>a\n\nb",
    ),
    "none, other tags": ("<thinking>r</thinking>a", "none", "", "<thinking>r</thinking>a"),
    "none, capitals": ("<Think>r</Think>a", "none", "", "<Think>r</Think>a"),
    "none, in backticks": ("`<think>`\nr", "none", "", "`<think>`\nr"),
    "none, quoted": ("> <think>\nr", "none", "", "> <think>\nr"),
    "prose after a trace": ("<think>r</think>x <think>s</think>", "complete", "r", "x <think>s</think>"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "trace", "reasoning", "answer"), CASES.values(), ids=CASES)
def test_kinds(text: str, trace: str, reasoning: str, answer: str) -> None:
    found = split(text)

    assert (found.trace, found.reasoning, found.answer) == (trace, reasoning, answer)
    assert put_together(found) == text


@pytest.mark.parametrize(
    "text",
    [
        "```\n<think>\n```\na",
        "```html\n<think>\nr\n</think>\n```\na",
        "~~~\n<think>\n~~~\na",
        "~~~ `x`\n<think>\n~~~\na",
        "````\n```\n<think>\n````\na",  # a shorter one closes nothing
        "```\n~~~\n<think>\n```\na",  # nor does another kind
        "```\n``` x\n<think>\n```\na",  # nor one with more on its line
        "```\nx\n<think>\nr",  # a fence that is never closed
        "```\r\n<think>\r\n```\r\na",
        "  ```\n  <think>\n  ```\na",
        "1. x\n\n   ```\n   <think>\n   ```\na",
        "- ```python\n  <think>\n  ```\na",
        "- a\n- ```\n  <think>\n  ```\na",
        "10) ~~~\n    <think>\n    ~~~\na",
        "- * ```\n    </think>\n    ```\na",
        "```markdown\n- x\n      ```\n<think>\n      ```\n```\na",  # indented too far to close
    ],
)
def test_a_tag_in_a_code_fence_is_text(text: str) -> None:
    assert split(text).trace == "none"
    assert split(text).answer == text.strip()


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("```\nx\n```\n", "closed"),
        ("```\nx\n`````\n", "closed by a longer one"),
        ("```\nx\n```  \n", "closed, with white space after"),
        ("```\nx\n   ```\n", "closed, a little further in"),
        ("- ```\n  x\n  ```\n", "closed in a list"),
        ("- x\n    ```\n    y\n    ```\n", "closed deep in a list"),
        ("``` a`b\n", "a backtick after the fence: not one"),
        ("``\n", "too short"),
        ("x ```\n", "not at the start of its line"),
        ("-```\n", "no list without a space"),
        ("~~~\n```\n~~~\n", "closed by its own kind"),
    ],
)
def test_a_tag_after_a_code_fence_counts(before: str, why: str) -> None:
    found = split(f"{before}<think>\nr\n</think>\na")

    assert (found.trace, found.reasoning) == ("complete", "r"), why


def test_a_response_that_begins_with_a_tag_needs_no_line_of_its_own() -> None:
    assert split("<think> ```\nx </think> a").reasoning == "```\nx"


def test_a_fence_in_a_trace_says_nothing_of_what_follows() -> None:
    found = split("<think>\n```\nr\n</think>\na\n<think>\ns\n</think>\nb")

    assert (found.trace, found.answer) == ("multiple", "a\n\nb")


@pytest.mark.parametrize("name", ["unclosed, only the tag", "empty", "unopened, nothing before"])
def test_a_trace_without_text_has_a_piece(name: str) -> None:
    pieces = split(CASES[name][0]).pieces

    assert [piece.kind for piece in pieces].count("reasoning") == 1


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_pieces_cover_the_text(text: str) -> None:
    found = split(text)

    assert found.text == text
    assert put_together(found) == text
    assert all(one.end == two.start for one, two in pairwise(found.pieces))
    assert [p for p in found.pieces if p.start > p.end] == []
    assert [p for p in found.pieces if p.start == p.end and p.kind != "reasoning"] == []
    assert {p.kind for p in found.pieces} <= {"reasoning", "answer", "tag"}
    tags = {text[p.start : p.end] for p in found.pieces if p.kind == "tag"}
    assert all(IGNORABLE.fullmatch(tag) for tag in tags - {OPEN, CLOSE})


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_kind_follows_from_the_pieces(text: str) -> None:
    found = split(text)
    kinds = [p.kind for p in found.pieces]
    traces = kinds.count("reasoning")

    assert found.trace in KINDS
    assert (found.trace == "none") == (traces == 0)
    assert (found.trace == "multiple") == (traces > 1)
    if found.trace == "unclosed":
        assert kinds[-2:] == ["tag", "reasoning"]
    if found.trace == "unopened":
        assert kinds[:2] == ["reasoning", "tag"]
    if found.trace in ("complete", "empty"):
        at = kinds.index("reasoning")
        assert kinds[at - 1 : at + 2] == ["tag", "reasoning", "tag"]
        assert bool(found.reasoning) == (found.trace == "complete")


def alone(text: str, tag: "re.Match[str]") -> bool:
    before = re.split(r"\r\n?|\n", text[: tag.start()])[-1]
    after = re.split(r"\r\n?|\n", text[tag.end() :])[0]
    return not (before + after).strip()


def plain_oracle(text: str) -> tuple[str, str, str]:
    """Kind, reasoning and answer of a text without code, by the words of the rule."""
    traces: list[str] = []
    answers: list[str] = []
    kind = "none"
    tags = list(re.finditer("</?think>", text))
    begins = IGNORABLE.sub("", text, 1).startswith(OPEN)
    if not begins and tags and tags[0][0] == CLOSE and (len(tags) == 1 or alone(text, tags[0])):
        traces, kind = [text[: tags[0].start()]], "unopened"
        text = text[: tags[0].start()] + "\0" + text[tags[0].end() :]  # where a trace was closed
        text = text[text.index("\0") :]
    rest = text if begins or kind == "unopened" else None
    while True:
        direct = rest is not None and IGNORABLE.sub("", rest.removeprefix("\0"), 1).startswith(OPEN)
        source = text if rest is None else rest
        found = next(
            (
                tag
                for tag in re.finditer(OPEN, source)
                if direct
                or not re.split(r"\r\n?|\n", source[: tag.start()])[-1].strip()
                and (CLOSE in source[tag.end() :] or alone(source, tag))
            ),
            None,
        )
        if found is None:
            break
        if not direct:
            answers.append(source[: found.start()])
        inside, closed, after = source[found.end() :].partition(CLOSE)
        traces.append(inside)
        kind = ("complete" if inside.strip() else "empty") if closed else "unclosed"
        rest = "\0" + after
    answers.append(text if rest is None else rest)
    texts = [[t.replace("\0", "").strip() for t in each] for each in (traces, answers)]
    joined = ["\n\n".join(filter(None, each)) for each in texts]
    return "multiple" if len(traces) > 1 else kind, joined[0], joined[1]


@given(
    st.lists(
        st.sampled_from(
            (OPEN, OPEN, CLOSE, CLOSE, "\n", "\n", " ", "\r\n", "\r", "a", "bc d", "<think", "你")
            + ("\ufeff", "<|x|>", "\u200b")
        ),
        max_size=14,
    ).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_plain_texts_against_an_oracle(text: str) -> None:
    found = split(text)

    assert (found.trace, found.reasoning, found.answer) == plain_oracle(text)


@pytest.mark.parametrize(
    "unit",
    [
        "<think>x</think>", "</think>\n", "```\n", "`", " ", "<think>", "- ", "a\n<think>b</think>` c",
        "<think>a</think>```\n", "` <think>", "`` ` <think>` ", "> ```\n<think>\n", "> ```\n", "> ````x\n\n",
        "<|x|> ", "<|",
        "# ` <think>\n", "| ` <think> |\n", "\\", "\n", "\r", "a\n<think>b</think># `\n", "`x` </think> ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "x ` "])
def test_long_texts_take_time_by_their_length(unit: str, before: str) -> None:
    text = f"{before}{unit * (100_000 // len(unit))} `<think>`"
    started = time.process_time()

    found = split(text)

    assert (put_together(found), len(found.stray) >= 0) == (text, True)
    assert time.process_time() - started < 10  # some tenths of a second; minutes if it were squared


@pytest.mark.parametrize(
    "text",
    [
        "`<think>` opens\nand `</think>` closes",
        "x\n`` ` `` `<think>`\ny </think` a",
        "x `a\n<think> b` y</think",  # code over two lines of a paragraph
        "x ``a\n<think>` b`` </think",
        "> ```\n> </think>\n> ```\na",
        "> ```\n> x\n</think",  # the quote ends, and its fence
        "| `<think>` | `</think>` |",
        "\ufeff```\n<think>\n```\na",
        "~~~\n`\n</think>\n~~~\n`",
        "1. a\r\n   ```\r\n   <think>\r\n   x\r\n   </think>\r\n   ```\r\n",
        "- a\n  - b\n\n    ```\n    <think>\n    ```\n",
        "```\r<think>\rr\r</think>\r```",
    ],
)
def test_a_tag_in_code_is_text(text: str) -> None:
    assert (split(text).trace, split(text).stray) == ("none", ())


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("It costs 5` more.\n", "a single backquote, the other one in the trace"),
        ("A ``x` b.\n", "runs of different lengths"),
        ("A ` b\n\n", "another paragraph"),
        ("- a ` b\n- c\n", "another item"),
        ("# a ` b\n", "a heading"),
        ("a \\` b\n", "an escaped backquote"),
        ("> ```\n> x\n\n", "the fence ends with its quote"),
        ("`a` b `c`\n", "closed"),
    ],
)
def test_a_backquote_that_opens_no_code_hides_no_trace(before: str, why: str) -> None:
    found = split(f"{before}<think>\nr ` q\n</think>\na")

    assert (found.trace, found.reasoning) == ("complete", "r ` q"), why


@pytest.mark.parametrize("pair", OTHER_PAIRS, ids=[pair.opening.strip() for pair in OTHER_PAIRS])
def test_every_rule_holds_for_every_pair(pair: Tags) -> None:
    """The cases of one pair said in another, but where a tag that ends its line is another case."""

    def said(text: str) -> str:
        return text.replace(OPEN, pair.opening).replace(CLOSE, pair.closing)

    ends_line = pair.opening.endswith("\n")
    expected = {
        name: (trace, said(reasoning).strip(), said(answer))
        for name, (_, trace, reasoning, answer) in CASES.items()
        if name != "none, other tags" and not (ends_line and name in ENDS_LINE)
    }

    found = {name: split(said(CASES[name][0]), pair) for name in expected}

    assert {n: (s.trace, s.reasoning, s.answer) for n, s in found.items()} == expected


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.opening.strip() for pair in PAIRS])
def test_stray_tags_of_every_pair(pair: Tags) -> None:
    text = (
        f"a {pair.opening} b {pair.closing} c\n\n`{pair.opening.strip()}`\n```\n{pair.closing}\n```"
    )

    assert stray_tags(text) == (pair.opening, pair.closing)
    assert split(f"<think>{pair.opening}</think>{text}").stray == stray_tags(text)


@pytest.mark.parametrize(
    ("text", "stray"),
    [
        ("", 0),
        ("<think>r</think>a", 0),
        ("<think>r</think>a </think> b", 1),
        ("<think>r <think> q</think>a", 0),  # in the trace
        ("<think>r", 0),
        ("a <think> b, c `<think>` d </think> e <reason> f", 3),
        ("<Think> <answer>1</answer> <tool>", 0),
    ],
)
def test_tags_left_in_an_answer_are_counted(text: str, stray: int) -> None:
    assert len(split(text).stray) == stray


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_what_is_left_of_a_text_opens_no_trace(text: str) -> None:
    """Closing tags may be left, and are counted: read as a whole response they would end a trace."""
    left = split(text)
    again = split(left.answer)

    assert again.trace in ("none", "unopened")
    assert again.trace == "none" or left.stray


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_piece_holds_no_tag_that_ends_it(text: str) -> None:
    found = split(text)
    opened = [
        p for p, before in zip(found.pieces[1:], found.pieces, strict=False) if before.kind == "tag"
    ]

    for piece in opened:
        if piece.kind == "reasoning":
            assert CLOSE not in text[piece.start : piece.end]


@pytest.mark.skipif(not SAMPLE.exists(), reason="the real sample is not beside us")
def test_real_responses() -> None:
    found = [split(text) for text in pq.read_table(SAMPLE, columns=["response"])[0].to_pylist()]

    assert Counter(each.trace for each in found) == {
        "complete": 3_649, "none": 1_196, "unclosed": 179, "unopened": 31, "multiple": 26, "empty": 1,
    }  # fmt: skip
    assert [each for each in found if each.stray or split(each.answer).trace != "none"] == []


SQUARE = Tags("[THINK]", "[/THINK]")


@pytest.mark.parametrize(
    ("response", "trace", "own", "answer"),
    [
        ("a", "none", "", "a"),
        ("[THINK]r", "unclosed", "r", ""),
        ("<think>r", "unclosed", "r", ""),
        ("r\n[/THINK]\na", "unopened", "r", "a"),
        ("[THINK]r[/THINK]a", "complete", "r", "a"),
        ("[THINK]r[/THINK]\n<think>s</think>a", "complete", "r", "<think>s</think>a"),
        ("<think>r</think>\n[THINK]s[/THINK]a", "complete", "r", "[THINK]s[/THINK]a"),
        ("[THINK]r <think> s[/THINK]a", "complete", "r <think> s", "a"),
    ],
)
def test_of_several_pairs_the_one_that_opens_first(
    response: str, trace: str, own: str, answer: str
) -> None:
    for pairs in ((THINK, SQUARE), (SQUARE, THINK)):
        found = split(response, *pairs)
        assert (found.trace, found.reasoning, found.answer) == (trace, own, answer)
