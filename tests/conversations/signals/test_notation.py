"""Notation: what is code and what is mathematics, and what only looks like it."""

import time

import pytest

from app.conversations.signals.notation import READ, has_code, has_math


@pytest.mark.parametrize(
    "text",
    [
        "Look:\n```python\nx = 1\n```",
        "~~~\nx\n~~~",
        "1. Run this:\n   ```sh\n   ls\n   ```",
        "> ```\n> quoted\n> ```",
        "- ```\n  in a list",
        "import os\nfrom sys import argv\ndef main(a):\n    pass",
        "#include <stdio.h>\nint main() {\n  return 0;\n}",
        "why does it fail?\nconst a = f(1)\nlet b = 2\nfunction c() {\n}",
        "<html>\n<body>\n<p>Hello</p>\n</body>\n</html>",
        "SELECT a\nSELECT b\nSELECT c",
        '{\n"a": 1,\n"b": {\n}\n}',
    ],
)
def test_code(text: str) -> None:
    assert has_code([text], [text])


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "from os import path",
        "def f(x):",
        "class A(B):",
        "class A {",
        "#include <a>",
        "#!/bin/sh",
        "public int f(a) {",
        "let x = f()",
        "const a = [",
        "if (a) {",
        "</div>",
        "a.b = c.d(1)",
        "SELECT a FROM b",
        "return x(1);",
        "}  {",
    ],
)
def test_three_lines_of_one_kind_are_code(line: str) -> None:
    """One kind alone: none of the others is needed beside it."""
    assert has_code([], [f"{line}\n{line}\n{line}"])
    assert not has_code([], [f"{line}\n{line}\nwords"])
    assert not has_code([], [f"{line}\n{line}"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain words.\nIn three\nlines.",
        "Use `print(x)` for that; it is short.",
        "in the middle ``` of a line",
        "We have apples;\nthey have pears;\nnobody has plums;",
        "- регистрация на сайте;\n- поиск (быстрый);\n- оформление = заказ;",
        "y = ax + b\n2 = a + b\n9 = 3a + b",
        "\\begin{a}\nx &= {2}\\\\\n\\frac{1}{2}\n\\boxed{5}\n\\end{a}",
        "<think>\n<answer>\n<b>",
        "def main(a):\n    pass",
        "words\n" * READ + "import a\nimport b\nimport c",
    ],
)
def test_no_code(text: str) -> None:
    assert not has_code([text], [text])


def test_reasoning_is_searched_for_fences_alone() -> None:
    lines = "import a\nimport b\nimport c"

    assert not has_code([lines], [])
    assert has_code([lines, "```\nx"], [])


@pytest.mark.parametrize(
    "text",
    [
        r"It is \(x^2\).",
        r"\[ a + b \]",
        "\\[\nx\n\\]",
        "$$x + 1$$",
        "Let $x$ be 2.",
        "so $n$-gons and $a, b$",
        "$x^2$, $a_1$, $y = 2x$",
        "$2+3$ and $5 > 4$",
        r"$ P(A) \leq 1 $",
        r"It costs \$5 or \(5x\)",
        r"\boxed{7}",
        r"\begin{align*} x &= 1 \end{align*}",
        r"\frac{1}{2}",
        "`code` and $x_1$",
    ],
)
def test_mathematics(text: str) -> None:
    assert has_math(["", text])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2 + 2 = 4",
        "It costs $5 and $10.",
        "between $50-100 and $200-250",
        "$5=€4, $6=€5",
        "$HOME/bin:$PATH and $a_b and $c_d",
        "echo $FOO_X/$BAR",
        "$x = $y;",
        "Use `$x$` in TeX.",
        "```\n\\(x\\) $y^2$ \\frac{1}{2}\n```",
        "```\nunclosed $x$",
        r"C:\temp\new (a\b)",
        r"\(\)",
        r"\(unclosed",
        "awk '{print $1}' | sed 's#[^.]*$##'",
        "$" * 9,
    ],
)
def test_no_mathematics(text: str) -> None:
    assert not has_math([text])


@pytest.mark.parametrize(
    "piece",
    [
        r"\(",
        r"\[x",
        "$a= ",
        "$=",
        "$ \\a",
        "`",
        "` ",
        "```x\n",
        "> ",
        "if : ",
        "a;\n",
        "\n",
        "\t",
        "<",
    ],
)
def test_time_is_linear_in_the_text(piece: str) -> None:
    text = piece * (200_000 // len(piece))

    start = time.process_time()
    has_code([text], [text])
    has_math([text])

    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(("length", "code"), [(2_000, True), (2_001, False)])
def test_code_within_the_first_two_thousand_characters(length: int, code: bool) -> None:
    lines = "\nimport a\nimport b\nimport c"
    text = "x" * (length - len(lines)) + lines
    assert has_code([], [text]) is code
