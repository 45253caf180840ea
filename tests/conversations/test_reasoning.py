"""The split of a response into reasoning, answer and tags."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.reasoning import KINDS, Split, split

OPEN, CLOSE = "<think>", "</think>"

FRAGMENTS = (
    OPEN, CLOSE, "<Think>", "</ think>", "<think/>", " ", "\t", "\n", "\n\n", "\r\n", "\u3000",
    "```", "````", "``", "~~~", "~~~~", "- ", "1. ", "> ", "python", "hello", "wait, let me",
    "你好", "привет", "é", "e\u0301", "😀", "\0", "\u2028", "\x1c", "`", "<", ">",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join)


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
    "none, closing tag in prose": ("r </think> a", "none", "", "r </think> a"),
    "none, closing tag opens a line": ("r\n</think> a", "none", "", "r\n</think> a"),
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
@settings(max_examples=600, deadline=None)
def test_pieces_cover_the_text(text: str) -> None:
    found = split(text)

    assert found.text == text
    assert put_together(found) == text
    assert all(one.end == two.start for one, two in pairwise(found.pieces))
    assert [p for p in found.pieces if p.start > p.end] == []
    assert [p for p in found.pieces if p.start == p.end and p.kind != "reasoning"] == []
    assert {p.kind for p in found.pieces} <= {"reasoning", "answer", "tag"}
    assert {text[p.start : p.end] for p in found.pieces if p.kind == "tag"} <= {OPEN, CLOSE}


@given(TEXTS)
@settings(max_examples=600, deadline=None)
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


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_trace_ends_at_the_first_closing_tag(text: str) -> None:
    found = split(text)

    for piece in found.pieces:
        if piece.kind == "reasoning" and found.trace != "unopened":
            assert CLOSE not in text[piece.start : piece.end] or piece.start == 0


def plain_oracle(text: str) -> tuple[str, str, str]:
    """Kind, reasoning and answer of a text without fences, line by line, by the words of the rule."""
    traces: list[str] = []
    answers: list[str] = []
    kind = "none"
    answer = ""
    rest = text
    directly = True  # at the start, or after a closed trace
    while rest:
        if directly and rest.lstrip().startswith(OPEN):
            rest = rest.lstrip()
        line, feed, after = rest.partition("\n")
        if directly and rest.startswith(OPEN):
            opened, rest = True, rest[len(OPEN) :]
        elif line.strip() == OPEN and (rest is text or not directly):
            opened, rest = True, line.split(OPEN)[1] + feed + after
        elif line.strip() == CLOSE and not traces and (rest is text or not directly):
            traces.append(answer)
            answer, kind, directly = "", "unopened", True
            rest = line.split(CLOSE)[1] + feed + after
            continue
        else:
            answer, rest, directly = answer + line + feed, after, False
            continue
        assert opened
        answers.append(answer)
        answer = ""
        inside, closed, rest = rest.partition(CLOSE)
        traces.append(inside)
        kind = ("complete" if inside.strip() else "empty") if closed else "unclosed"
        directly = True
    answers.append(answer)
    joined = ["\n\n".join(t.strip() for t in texts if t.strip()) for texts in (traces, answers)]
    return "multiple" if len(traces) > 1 else kind, joined[0], joined[1]


@given(
    st.lists(
        st.sampled_from((OPEN, CLOSE, "\n", "\n", " ", "\r\n", "a", "bc d", "<think", "你")),
        max_size=14,
    ).map("".join)
)
@settings(max_examples=1_500, deadline=None)
def test_plain_texts_against_an_oracle(text: str) -> None:
    found = split(text)

    assert (found.trace, found.reasoning, found.answer) == plain_oracle(text)


@pytest.mark.parametrize(
    "unit", ["<think>x</think>", "</think>\n", "```\n", "`", " ", "<think>", "- "]
)
def test_long_texts(unit: str) -> None:
    text = unit * (200_000 // len(unit))

    assert put_together(split(text)) == text
