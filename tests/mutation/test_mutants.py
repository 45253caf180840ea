"""Each kind of fault, on a line that can have it; and where none is put."""

import ast

import pytest

from .mutants import mutants


def changes(text: str) -> list[str]:
    """The texts that mutants make of one, as the grammar writes them."""
    return [ast.unparse(ast.parse(mutant.changed)) for mutant in mutants(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", ["a <= b", "a > b"]),
        ("a >= b", ["a > b", "a < b"]),
        ("a in b", ["a not in b"]),
        ("a < b < c", []),
        ("a + b", ["a - b"]),
        ("a // b", ["a * b"]),
        ("a += b", ["a -= b", "pass"]),
        ("a = 2", ["a = 3", "a = 1"]),
        ("a = True", ["a = False"]),
        ("a = ''", ["a = '!'"]),
        ("a = 'é' + b", ["a = 'é' - b", "a = 'é!' + b"]),
        ("a or b", ["a and b"]),
        ("not a", ["a"]),
        ("a if b else c", ["a if not b else c"]),
        ("f(a)", ["pass"]),
        ("x = f(a, b)", ["x = f(b, a)"]),
        ("x = f(*a, b)", []),
        ("def f():\n    return a", ["def f():\n    return None"]),
        ("def f():\n    return None", []),
        ("def f(a: int=b) -> list[0]:\n    '''Says 1.'''", []),
        ("import a", []),
        ("x: Literal[1] = y", []),
        ("x: Literal[1] = 2", ["x: Literal[1] = 3", "x: Literal[1] = 1"]),
        ("x: int", []),
        ("x = max(a, b)", []),
        ("x = zip(a, b, strict=True)", ["x = zip(b, a, strict=True)"]),
        ("x = f(a, b=True)", ["x = f(a, b=False)"]),
        ("f'{a + 1}'", []),
        ("x = cast('A', b)", ["x = cast(b, 'A')"]),
    ],
)
def test_faults(text: str, expected: list[str]) -> None:
    assert changes(text) == expected


def test_where_they_stand() -> None:
    text = """\
A = [
    1]

class _B:
    d = 2
    def c(self):
        def inner():
            return d
        return inner
"""
    assert [(each.kind, each.line, each.inside) for each in mutants(text)] == [
        ("constant", 2, ""),
        ("constant", 2, ""),
        ("constant", 5, ""),
        ("constant", 5, ""),
        ("answer", 8, "_B.c"),
        ("answer", 9, "_B.c"),
    ]
