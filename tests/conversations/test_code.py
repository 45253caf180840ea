"""What of a text is code: fences by their runs, indents and quotes; code inside of lines."""

import re

import pytest

from app.conversations.code import OutsideCode, begins_line, ends_line

MARK = re.compile("@")


def outside(text: str, at: int = 0) -> str:
    """The text with each ``@`` in code as ``_``."""
    found = {match.start() for match in OutsideCode(text, MARK).after(at)}
    return "".join("_" if c == "@" and n not in found else c for n, c in enumerate(text))


@pytest.mark.parametrize(
    "text",
    [
        "@",
        "a @ b @",
        "`_` @",
        "``_`_`` @",
        "`@",
        "``@`",
        "`@``",
        "\\`@`",
        "\\``_`@",
        "\\\\`_`",
        "\\\\\\`@`",
        "\\@`_`",
        "a `_\n_` @",
        "a `@\n\n@` @",
        "a `@\r\n \t\r\n@` @",
        "a `x\n@\n`",
        "a `x\n @\t\n`",
        "a `x\n_ y\n`",
        "a `@\n- @` @",
        "a `@\n12) @` @",
        "a `@\n1. @` @",
        "a `_\n1.a _` @",
        "a `_\n1234567890. _` @",
        "a `@\n+\n@` @",
        "a `@\n# @` @",
        "a `@\n#\n@` @",
        "a `_\n#a _` @",
        "a `@\n###### @` @",
        "a `_\n####### _` @",
        "# `@\n@` @",
        "# a `\n@` @",
        "a `@\n> @` @",
        "a `@\n|@` @",
        "a `@\n---\n@` @",
        "a `@\n===\n@` @",
        "a `@\n=\n@` @",
        "a `@\n*** \n@` @",
        "a `_\n** \n_` @",
        "a `_\n--- x\n_` @",
    ],
)
def test_code_between_runs_of_backquotes_of_one_paragraph(text: str) -> None:
    """A ``_`` stands for an ``@`` in code."""
    assert outside(text.replace("_", "@")) == text


@pytest.mark.parametrize(
    "text",
    [
        "```\n_\n```\n@",
        "```py\n_\n```\n@",
        "~~~\n_\n~~~\n@",
        "~~~ a`b\n_\n~~~\n@",
        "``` a`b\n@\n",
        "```\n_\n~~~\n_\n```\n@",
        "```\n_\n``\n_\n```\n@",
        "````\n_\n```\n_\n````\n@",
        "```\n_\n`````\n@",
        "```\n_\n``` \t\n@",
        "```\n_\n``` x\n_\n```\n@",
        "```\n_",
        "``\n@\n\n``\n@",
        "~~\n@\n~~\n@",
        " ```\n_\n```\n@",
        "      ```\n_\n      ```\n@",
        "\t```\n_\n\t```\n@",
        "```\n_\n   ```\n@",
        "```\n_\n    ```\n_\n```\n@",
        "  ```\n_\n     ```\n@",
        "  ```\n_\n      ```\n_\n```\n@",
        "```\n_\n\t```\n_",
        "\t```\n_\n       ```\n@",
        "\t```\n_\n        ```\n_\n```\n@",
        "- ```\n  _\n  ```\n@",
        "1. ```\n  _\n   ```\n@",
        "- - ~~~\n_\n~~~\n@",
        "```\n_\n- ```\n_\n```\n@",
        "-```\n_ ```\n@",
        "-```\n@\n\n```\n_",
        "> ```\n> _\n> ```\n@",
        "> ```\n> _\n@",
        "> ```\n> _\n\n@",
        "> > ```\n> > _\n> @\n",
        "> ```\n> > _\n> _\n@",
        "> ```\n@",
        "```\n> _\n_\n```\n@",
        "```\r\n_\r\n```\r\n@",
        "```\r_\r```\r@",
        "a\n```\n_\n```\n`_` @",
        "`x\n```\n_\n```\n@`",
    ],
)
def test_fences(text: str) -> None:
    assert outside(text.replace("_", "@")) == text


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("`@` @", 0, "`_` @"),
        ("`@` @ `", 1, "`@` _ `"),
        ("@ @ @", 2, "_ @ @"),
        ("x```\n@\n```\n@", 0, "x```\n@\n```\n_"),
        ("x```\n@\n```\n@", 1, "x```\n_\n```\n@"),
        ("x```\n@\n\n@\n```\n@", 0, "x```\n@\n\n@\n```\n_"),
        ("x```\n@\n\n@\n```\n@", 1, "x```\n_\n\n_\n```\n@"),
        ("x# `@\n@`", 0, "x# `_\n_`"),
        ("x# `@\n@`", 1, "x# `@\n@`"),
        ("a `@\n___\n@` @", 0, "a `@\n___\n@` @"),
        ("```\n@\n```\n@", 4, "```\n@\n```\n_"),
    ],
)
def test_asked_from_a_place_on_it_is_read_as_if_it_began_there(
    text: str, at: int, expected: str
) -> None:
    assert outside(text, at) == expected


@pytest.mark.parametrize(
    ("text", "at", "begins", "ends"),
    [
        ("", 0, True, True),
        ("a", 0, True, False),
        ("a", 1, False, True),
        (" \ta", 2, True, False),
        ("a \t", 1, False, True),
        ("a\nb", 2, True, True),
        ("a\rb", 2, True, True),
        ("a\n\u3000b", 3, True, False),
        ("a\u3000\nb", 1, False, True),
        ("a \rb", 1, False, True),
        ("a b", 2, False, False),
        ("a!b", 2, False, False),
        ("a\x1cb", 2, False, False),
    ],
)
def test_the_ends_of_a_line(text: str, at: int, begins: bool, ends: bool) -> None:
    assert (begins_line(text, at), ends_line(text, at)) == (begins, ends)
