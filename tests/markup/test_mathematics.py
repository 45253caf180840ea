"""Where mathematics is, and where it only looks so."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.markup.mathematics import DISPLAY_LIMIT, INLINE_LIMIT, find


def sources(text: str) -> list[str]:
    return [formula.source for formula in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"a \( x_1 * y_1 \) b", [r"\( x_1 * y_1 \)"]),
        ("\\( x\n+ y \\)", ["\\( x\n+ y \\)"]),
        ("\\[\n- x\n\n= y\n1. z\n\\]", ["\\[\n- x\n\n= y\n1. z\n\\]"]),
        ("$$\na\n$$ and $$b$$", ["$$\na\n$$", "$$b$$"]),
        ("$x$, $y_1$ and $3 + 4 = 7$", ["$x$", "$y_1$", "$3 + 4 = 7$"]),
        (r"$ \frac{1}{2} $", [r"$ \frac{1}{2} $"]),
        ("the $n$th, the $n$-th", ["$n$", "$n$"]),
        ("其中$x$是", ["$x$"]),
        (r"so \boxed{\frac{1}{2}}, \boxed{7}", [r"\boxed{\frac{1}{2}}", r"\boxed{7}"]),
        (r"\boxed{\text{keep the first}}", [r"\boxed{\text{keep the first}}"]),
        ("\\begin{align}\na &= b\n\\end{align} c", ["\\begin{align}\na &= b\n\\end{align}"]),
        ("$a,$ $b.$", ["$a,$", "$b.$"]),
        (r"\( 1 + \( 2 \)", [r"\( 2 \)"]),
        ("$5$ or $1,000$", ["$5$", "$1,000$"]),
        (r"$a \$ b_1$", [r"$a \$ b_1$"]),
        (r"\[ a \\ b \\[2pt] c \]", [r"\[ a \\ b \\[2pt] c \]"]),
        (r"\[ a \\\]", [r"\[ a \\\]"]),
        (r"| \(|x|\) | $|y|$ |", [r"\(|x|\)", "$|y|$"]),
        ("`a` $x$ ``b`` $y$", ["$x$", "$y$"]),
        ("` $x$", ["$x$"]),
        ("\\``` $x$", ["$x$"]),
        ("```\n$x$\n```\n$y$", ["$y$"]),
        ("````\n```\n$x$\n````\n$y$", ["$y$"]),
        ("- ```py\n  $x$\n  ```\n- $y$", ["$y$"]),
        ("```inline``` $x$", ["$x$"]),
    ],
)
def test_found(text: str, expected: list[str]) -> None:
    assert sources(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $10",
        "$5-$10, $5/$6 and US$5 or A$6",
        "between $3.50 and $4, or $20,000 (or $30,000)",
        "it cost $5, and I paid in A$.",
        'echo $HOME:$PATH $(printf "$x")',
        "$a = $b + $c;",
        "$500~$600 $15–$20 |$5|$6|",
        "5$ and 6$",
        "$ x and y $",
        "$a,$b,$c",
        r"\boxed{} \boxed{two words here} \boxed{1" + "\n}",
        r"\begin{document} \end{document} \begin{align} x",
        r"`\boxed{1}` \\boxed{1}",
        "$x\ny$",
        "$x`y$",
        "$$$x$$$",
        "$$ $$ \\( \\) \\[\n\\]",
        r"\\( x \\) \\[ y \\] \$x\$",
        "\\( a\n\nb \\)",
        "\\[ a\n\n\nb \\]",
        "\\[ a\n# b\n\\]",
        "\\[ a\n```\n\\]\n```",
        "| \\[ a |\n| b \\] |",
        "`$x$` and `` \\(y\\) ``",
        "~~~\n$x$\n```\n$y$\n~~~",
        "```\n$x$",
        r"\( " + "x" * INLINE_LIMIT + r" \)",
        r"\[ " + "x" * DISPLAY_LIMIT + r" \]",
        r"no \) close \] here \(",
        "",
    ],
)
def test_not_found(text: str) -> None:
    assert sources(text) == []


def test_a_formula_in_a_quote_has_no_quote_marks() -> None:
    formula = find("> > \\[\n> > a > b\n>> c\nd\n> \\]")[0]
    assert formula.source == "\\[\na > b\nc\nd\n\\]"
    assert formula.display


def test_inline_and_display() -> None:
    assert [formula.display for formula in find(r"\(a\) \[b\] $c$ $$d$$")] == [False, True] * 2


FRAGMENTS = [
    "\\",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "$",
    "$$",
    "`",
    "```",
    "\n",
    "\n\n",
    "> ",
    "x",
    " ",
    "5",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_formulas_are_in_order_and_whole(text: str) -> None:
    position = 0
    for formula in find(text):
        assert position <= formula.start < formula.end <= len(text)
        position = formula.end
        source = text[formula.start : formula.end]
        assert source.replace(">", "").split() == formula.source.replace(">", "").split()
        assert source.startswith(("$", "\\(", "\\["))
        assert source.endswith(("$", "\\)", "\\]"))


@pytest.mark.parametrize(
    "piece",
    [
        "\\(",
        "\\[",
        "$",
        "$$ ",
        "$x",
        "`",
        "` ",
        "```\n",
        "~~~~\n```\n",
        "\\",
        ">",
        "\\[\n",
        "\\boxed{",
        "\\begin{align}",
        "$x$ ",
        "1.",
    ],
)
def test_time_is_linear(piece: str) -> None:
    start = time.process_time()
    find((piece * 200_000)[:200_000] + " $x$")
    assert time.process_time() - start < 2.0


def test_code_runs_of_many_lengths_are_fast() -> None:
    start = time.process_time()
    find(" ".join("`" * length for length in range(1, 600)) + "$x$")
    assert time.process_time() - start < 2.0
