"""The small faults that a module can be given, each one change of one place in its text.

Knows Python's grammar; nothing of tests, of files, or of which faults are worth trying.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}


@dataclass(frozen=True)
class Mutant:
    """One change: of the ``line``, in the function ``inside`` ("" in none), and
    the whole text of the module ``changed`` by it."""

    kind: str
    line: int
    inside: str
    changed: str


def mutants(text: str) -> list[Mutant]:
    """All mutants of a module's text, in the order of their places."""
    starts = _line_starts(text)
    raw = text.encode()
    found = []
    for node, inside in _places(ast.parse(text)):
        first = starts[node.lineno - 1] + node.col_offset
        last = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        for kind, new in _changes(node):
            written = new if isinstance(node, ast.stmt) else f"({new})"
            changed = (raw[:first] + written.encode() + raw[last:]).decode()
            found.append(Mutant(kind, node.lineno, inside, changed))
    return found


def _line_starts(text: str) -> list[int]:
    """Where each line begins, in bytes: positions of the syntax tree count bytes."""
    starts = [0]
    for line in text.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _places(
    node: ast.AST, scope: str = "", function: str = ""
) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """The places that run, and the outermost function around each; no docstrings, types or
    f-strings, whose parts have no positions of their own."""
    typed = isinstance(node, ast.Call) and ast.unparse(node.func) in ("cast", "TypeVar")
    for child in map(_without_type, ast.iter_child_nodes(node)):
        if typed and isinstance(child, ast.Constant):
            continue
        if _says_only(child) or (isinstance(node, ast.FunctionDef) and child is node.returns):
            continue
        if isinstance(child, ast.expr | ast.stmt):
            yield child, function
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _places(child, scope, function or f"{scope}{child.name}")
        elif isinstance(child, ast.ClassDef):
            yield from _places(child, f"{scope}{child.name}.", function)
        else:
            yield from _places(child, scope, function)


def _without_type(node: ast.AST) -> ast.AST:
    """What is given to a name, where its type stands beside it."""
    return node.value if isinstance(node, ast.AnnAssign) and node.value else node


def _says_only(node: ast.AST) -> bool:
    """Whether nothing of a node runs, or nothing that could be changed by its place."""
    if isinstance(node, ast.JoinedStr | ast.arg | ast.Import | ast.ImportFrom | ast.AnnAssign):
        return True
    if isinstance(node, ast.keyword):
        return node.arg == "strict"  # of zip: it only tells what cannot be
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _changes(node: ast.expr | ast.stmt) -> Iterator[tuple[str, str]]:
    for kind, change in CHANGES.items():
        for new in change(node):
            yield kind, ast.unparse(new)


def _copied(node: ast.AST, **fields: object) -> ast.AST:
    """The node with some of its fields others."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def _comparison(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARED[type(node.ops[0])]:
            yield _copied(node, ops=[other()])


def _calculation(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in CALCULATED:
        yield _copied(node, op=CALCULATED[type(node.op)]())


def _constant(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, str):
        yield ast.Constant(f"{value}!" if value else "!")


def _logic(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        yield _copied(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    if isinstance(node, ast.IfExp):
        yield _copied(node, test=ast.UnaryOp(ast.Not(), node.test))


def _answer(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Return) and ast.unparse(node) not in ("return", "return None"):
        yield ast.Return(ast.Constant(None))


def _omission(node: ast.AST) -> Iterator[ast.AST]:
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if called or isinstance(
        node, ast.AugAssign | ast.Raise | ast.Continue | ast.Break | ast.Delete
    ):
        yield ast.Pass()


def _exchange(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Call) or len(node.args) != 2:
        return
    starred = any(isinstance(each, ast.Starred) for each in node.args)
    if not starred and ast.unparse(node.func) not in ("max", "min"):
        yield _copied(node, args=node.args[::-1])


CHANGES: dict[str, Callable[[ast.AST], Iterator[ast.AST]]] = {
    "comparison": _comparison,
    "calculation": _calculation,
    "constant": _constant,
    "logic": _logic,
    "answer": _answer,
    "omission": _omission,
    "exchange": _exchange,
}
