"""Where a text may be cut: rendered piece by piece it reads as the whole."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.markup.blocks import blocks
from app.markup.markdown import render


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in blocks(text)]


def squeezed(html: str) -> str:
    """``html`` without what no reader sees: how white space is made up, where raw HTML is cut."""
    html = re.sub(r'</pre>\s*<pre class="plain" dir="auto">', " ", html)
    return re.sub(r"\s+(?=</(?:code|pre)>)", "", re.sub(r"\s+", " ", html)).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n", []),
        ("a\nb", ["a\nb"]),
        ("a\n\nb", ["a", "b"]),
        ("\n\na\n \n\t\n\nb \n", ["a", "b"]),
        ("# a\n\nb\n\n---\n\nc", ["# a", "b", "---", "c"]),
        ("```\na\n\nb\n```\n\nc", ["```\na\n\nb\n```", "c"]),
        ("```\na\n\nb", ["```\na\n\nb"]),
        ("\\[\na\n\nb\n\\]\n\nc", ["\\[\na\n\nb\n\\]", "c"]),
        ("$$\na\n\nb\n$$\n\nc", ["$$\na\n\nb\n$$", "c"]),
        ("- a\n\n- b\n\n  c\n\nd", ["- a\n\n- b\n\n  c", "d"]),
        ("1. a\n\n2. b\n\nc\n\n3. d", ["1. a\n\n2. b", "c", "3. d"]),
        ("a:\n- b\n\n- c\n\nd", ["a:\n- b\n\n- c", "d"]),
        ("a\n\n- b", ["a", "- b"]),
        ("    a\n\n    b\n\nc", ["    a\n\n    b", "c"]),
        ("a\n\n    b", ["a", "    b"]),
        ("> a\n\n> b", ["> a", "> b"]),
        ("|a|\n|-|\n|b|\n\nc", ["|a|\n|-|\n|b|", "c"]),
        ("<!-- a\n\nb -->\n\nc", ["<!-- a\n\nb -->", "c"]),
        ("<pre>\n\nb\n</pre>\n\nc", ["<pre>\n\nb\n</pre>", "c"]),
        ("<div>\n\nb", ["<div>", "b"]),
        ("<div>\n```\n\n```\n\na", ["<div>\n```\n\n```\n\na"]),
        ("> <b>\n> ```\n\n```\n\na", ["> <b>\n> ```", "```\n\na"]),
        ("- <pre>\n  ```\n\n```\n\na", ["- <pre>\n  ```\n\n```\n\na"]),
        ("```\n<div>\n```\na\n\nb\n\nc", ["```\n<div>\n```\na", "b", "c"]),
        ("```\n> ```\n\na", ["```\n> ```\n\na"]),
        ("> ```\n\na\n\n```\nb\n\nc", ["> ```", "a", "```\nb\n\nc"]),
        ("- ```\n```\n\na", ["- ```\n```\n\na"]),
        ("1.\t```\n\ta\n\n\tb\n\t```\n\nc", ["1.\t```\n\ta\n\n\tb\n\t```", "c"]),
        ("```\n    ```\n\na\n```", ["```\n    ```\n\na\n```"]),
        ("<p>\n```\nb\n```\n\nc", ["<p>\n```\nb\n```", "c"]),
        ("a\n\n<pre>\n```\n</pre>\n```\n\nb", ["a", "<pre>\n```\n</pre>\n```\n\nb"]),
    ],
)
def test_cut_at(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


LINES = [
    "a", "b c", "- d", "2. e", "  f", "    g", "\tx", "> h", "> - i", "```", "~~~", "# j", "---", "===",
    "|k|l|", "|-|-|", "<div>", "</div>", "<!--", "-->", "<pre>", "</pre>", "\\[", "\\]", "$$", "$m$",
    "> <div>", "> ```", "- <b>", "- ```", "<!X", "</i>", "[n]: o", "1.", "-", "", "", "", " ",
]  # fmt: skip


@settings(max_examples=125, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=14).map("\n".join))
@example("# j\n    g\n\n    g")
@example("<div>\n```\n\n```\n\na")
def test_the_pieces_read_as_the_whole(text: str) -> None:
    whole = render(text)
    apart = [render(piece) for piece in pieces(text)]
    if {whole.mode, *(each.mode for each in apart)} == {"markdown"}:
        assert squeezed("\n".join(each.html for each in apart)) == squeezed(whole.html)


@given(st.lists(st.sampled_from(LINES), max_size=14).map("\n".join))
def test_nothing_but_blank_lines_is_left_out(text: str) -> None:
    assert "".join("".join(pieces(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "piece",
    ["a\n\n", "\n", "- a\n\n", "\\[\n\n", "<!--\n\n", "```\n\n", "  a\n\n", "$x$\n\n", "<b>\n"],
)
def test_time_is_linear(piece: str) -> None:
    start = time.process_time()
    blocks((piece * 200_000)[:400_000])
    assert time.process_time() - start < 2.0
