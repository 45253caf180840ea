"""The structure of the code: who imports whom, how long modules are, that importing does nothing."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
MODULES = sorted(APP.rglob("*.py"))
LONGEST = 250
LONGEST_FUNCTION = 40
# What is longer, with its lines of today: each may only become shorter, and leaves once it fits.
LONGER: dict[str, int] = {
    "web/conversation/page.py:reading": 44,
}

# What stands lower knows nothing of what stands higher; index and search know nothing of each other.
LAYERS: dict[str, int] = {
    "": 0,  # the package itself: its version
    "errors": 0,
    "config": 0,
    "cache": 0,
    "caller": 0,
    "memory": 0,
    "markup": 0,  # text to HTML: imports nothing of the rest
    "demo": 1,  # writes a Parquet file; knows none of the layers above
    "access": 1,  # who may ask: knows no HTTP
    "conversations": 1,
    "conversion": 2,  # files that are no Parquet
    "hubs": 2,  # datasets that are elsewhere
    "store": 2,
    "index": 3,
    "search": 3,
    "datasets": 4,  # one of them, what is seen of its files, how it is opened
    "library": 4,
    "export": 5,
    "web": 6,
    "main": 7,
    "commands": 8,
    "cli": 9,
    "__main__": 10,
}
APART = {("index", "search"), ("search", "index"), ("errors", "config"), ("config", "errors")}
ALONE = ("cache", "caller", "markup", "memory")  # import nothing of the rest, whatever stands lower
SEARCH = (
    "request.tree",
    "request.regexes",
    "request.language",
    "request.offers",
    "request.literals",
    "request.filters",
    "request.typed",
    "request.ordering",
    "request.parameter",
    "request.narrowing",
    "request.copies",
    "request.query",
    "request.faults",
    "request.contamination",
    "shard.deadline",
    "shard.bins",
    "shard.row_sets",
    "shard.ranking",
    "shard.best_rows",
    "snippets",
    "hits",
    "shard.text_tests",
    "shard.word_places",
    "shard.held_terms",
    "shard.standing",
    "shard.orders",
    "shard.one_of_each",
    "shard.ranks",
    "shard.facet_columns",
    "shard.facet_edges",
    "shard.facet_groups",
    "shard.unions",
    "shard.column_statements",
    "shard.part_statements",
    "shard.exact_gaps",
    "shard.pieces",
    "shard.row_statements",
    "shard.pace",
    "shard.scanning",
    "shard.matching",
    "shard.scoring",
    "limits",
    "results",
    "reading",
    "readable",
    "preview",
    "shard.texts",
    "shard.shown",
    "shard.keyed",
    "shard.indexed_part",
    "shard.records",
    "shard.vocabulary",
    "shard.catalog",
    "shard.rank_filters",
    "shard.field_codes",
    "shard.index",
    "joined_fields",
    "listing",
    "shard.finding",
    "shard.tallies",
    "shard.shard",
    "joined_values",
    "selection",
    "likeness",
    "shards",
    "bound",
    "parted",
    "narrowing",
    "overview.figures",
    "overview.tally",
    "overview.asking",
    "overview.lengths",
    "overview.by_field",
    "overview.behaviour",
    "overview.openings",
    "overview.copies",
    "overview.differences",
    "overview.field_figures",
    "overview.outliers",
    "overview.overview",
    "stored_rows",
    "facet_counts",
    "copy_groups",
    "by_prompt",
    "dataset",
    "overlaps",
)
TEMPLATES = sorted((ROOT / "templates").glob("*.html"))
NAMED_AT_HOME = {  # packages, and the only places that may import them
    "duckdb": ("store", "index"),
    "fastapi": ("web", "main"),
    "starlette": ("web", "main"),
    "jinja2": ("web", "main"),
    "prometheus_client": ("web",),
    "huggingface_hub": ("hubs",),
    "httpx2": ("hubs",),
    "modelscope_hub": ("hubs",),
    "requests": ("hubs",),
    "tokenizers": ("conversations",),
}
SQL_HOMES = (
    "search/shard/row_statements.py",
    "search/shard/column_statements.py",
    "search/shard/part_statements.py",
    "index/",
    "store/",
)


def relative(path: Path) -> str:
    return path.relative_to(APP).as_posix()


def of_each_module(test: Callable[[Path], None]) -> Callable[[], None]:
    """One test of all modules, which names all that fail it: a test a module would be one in five of all
    tests that each worker gathers."""

    def whole() -> None:
        faults = []
        for path in MODULES:
            try:
                test(path)
            except AssertionError as fault:
                faults.append(f"{relative(path)}: {fault}")
        assert not faults, "\n".join(faults)

    whole.__name__, whole.__doc__ = test.__name__, test.__doc__
    return whole


def dotted(path: Path) -> list[str]:
    parts = ["app", *path.relative_to(APP).with_suffix("").parts]
    return parts[:-1] if parts[-1] == "__init__" else parts


def layer_of(parts: list[str]) -> str:
    return parts[1] if len(parts) > 1 else ""


def imported(path: Path) -> list[list[str]]:
    """All modules that a file imports, wherever in it, as parts; members count as modules."""
    parts = dotted(path)
    package = parts if path.name == "__init__.py" else parts[:-1]
    found: list[list[str]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            found += [[*base, alias.name] for alias in node.names]
    return found


@of_each_module
def test_imports_go_one_way(path: Path) -> None:
    own = layer_of(dotted(path))
    assert own in LAYERS, f"{relative(path)} has no place in the layout"
    for parts in imported(path):
        if parts[0] != "app":
            continue
        other = layer_of(parts)
        if other not in LAYERS:  # a name of the package itself, such as its version
            continue
        assert (own, other) not in APART, f"{relative(path)} imports {other}"
        assert own not in ALONE or other == own, f"{relative(path)} imports {other}"
        assert LAYERS[other] <= LAYERS[own], f"{relative(path)} imports {other}"


def place_in_search(parts: list[str]) -> int | None:
    """Where a module of search stands in the order; None for what is no module of it."""
    if parts[:2] != ["app", "search"]:
        return None
    names = (".".join(parts[2:length]) for length in range(len(parts), 2, -1))
    return next((SEARCH.index(name) for name in names if name in SEARCH), None)


@pytest.mark.parametrize("path", sorted((APP / "search").rglob("[!_]*.py")), ids=relative)
def test_search_imports_go_one_way(path: Path) -> None:
    own = place_in_search(dotted(path))
    assert own is not None, f"{relative(path)} has no place in the order of search"
    for parts in imported(path):
        other = place_in_search(parts)
        assert other is None or other < own, parts


@pytest.mark.parametrize("room", sorted((APP / "web").glob("[!_]*/")), ids=lambda room: room.name)
def test_a_page_has_one_name(room: Path) -> None:
    """Its folder, template and style are called alike, and its addresses stand in its folder."""
    assert (room / "addresses.py").is_file()
    assert (room / "page.py").is_file()
    assert (ROOT / "templates" / f"{room.name}.html").is_file()
    assert (ROOT / "static" / f"{room.name}.css").is_file()
    addresses = (room / "addresses.py").read_text("utf-8")
    named = {
        "explorer": '"/datasets/{name}"',
        "conversation": "/conversations/{row}",
        "home": '"/"',
    }
    assert named.get(room.name, f"/{room.name}") in addresses


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_lines_of_templates_are_short(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 120] == []


SCRIPTS = sorted((ROOT / "static").glob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_checked_and_ask_the_browser_in_one_place(path: Path) -> None:
    """Storage and the clipboard may refuse: each has one script that knows it."""
    text = path.read_text("utf-8")
    assert text.startswith("// @ts-check\n")
    assert "@ts-ignore" not in text
    assert re.search(r"\b(local|session)Storage\b", text) is None or path.name == "storage.js"
    assert "navigator.clipboard" not in text or path.name == "clipboard.js"


def test_without_node_the_check_says_that_scripts_were_not_checked(tmp_path: Path) -> None:
    told = subprocess.run(
        ["/bin/sh", ROOT / "tests" / "scripts" / "check.sh"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "were not checked" in told.stderr


@of_each_module
def test_libraries_are_met_in_their_layer_alone(path: Path) -> None:
    for parts in imported(path):
        allowed = NAMED_AT_HOME.get(parts[0])
        assert allowed is None or layer_of(dotted(path)) in allowed, parts[0]


def lengths(path: Path) -> dict[str, tuple[int, int]]:
    """The lines of a module and of its functions, each with the most that it may have."""
    text = path.read_text("utf-8")
    found = {relative(path): (len(text.splitlines()), LONGEST)}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            found[f"{relative(path)}:{node.name}"] = (lines, LONGEST_FUNCTION)
    return found


@of_each_module
def test_modules_and_functions_are_short(path: Path) -> None:
    for name, (lines, most) in lengths(path).items():
        assert lines <= LONGER.get(name, most), f"{name} has {lines} lines"


def test_what_is_longer_is_still_there_and_longer() -> None:
    found = {name: each for path in MODULES for name, each in lengths(path).items()}
    for name in LONGER:
        assert name in found, f"{name} is gone: its exception goes too"
        assert found[name][0] > found[name][1], f"{name} fits: its exception goes"


@of_each_module
def test_modules_are_named_by_a_noun(path: Path) -> None:
    assert path.stem not in ("utils", "util", "helpers", "helper", "common", "misc")


@of_each_module
def test_a_module_only_defines(path: Path) -> None:
    """Nothing at the top of a module but imports, definitions, values, and its docstring."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if path.name == "__main__.py" and isinstance(node, ast.If):
            continue
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        typing = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        defining = isinstance(
            node,
            ast.Import
            | ast.ImportFrom
            | ast.Assign
            | ast.AnnAssign
            | ast.FunctionDef
            | ast.ClassDef,
        )
        assert docstring or typing or defining or isinstance(node, ast.AsyncFunctionDef), (
            f"{relative(path)}:{node.lineno}: {ast.unparse(node)[:80]}"
        )


def is_sql(text: str) -> bool:
    """Whether a text reads as a statement, or as a clause of one."""
    lowered = f" {' '.join(text.lower().split())} "
    starts = lowered.startswith(
        (" select ", " insert ", " update ", " delete ", " create ", " copy ", " attach ", " with ")
    )
    clauses = (" from ", " where ", " order by ", " group by ", " into ", " semi join ")
    return (starts and any(each in lowered for each in clauses)) or " order by " in lowered


@of_each_module
def test_sql_is_put_together_in_its_homes_alone(path: Path) -> None:
    if relative(path).startswith(SQL_HOMES):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        built = isinstance(node, ast.JoinedStr)
        joined = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod)
        formatted = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("format", "join", "replace")
        )
        if not (built or joined or formatted):
            continue
        texts = [
            each.value
            for each in ast.walk(node)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        assert not any(is_sql(text) for text in texts), (
            f"{relative(path)}: {ast.unparse(node)[:80]}"
        )


def test_the_check_for_sql_sees_sql() -> None:
    assert is_sql("select a\nfrom b")
    assert is_sql("x order by y")
    assert is_sql("insert into t values")
    assert not is_sql("select one of these")
    assert not is_sql("a word from the list")


IMPORT_ALL = """
import sys, threading
written, started = [], []

def watch(event, args):
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        written.append(str(args[0]))
    if event in ("socket.bind", "socket.connect", "subprocess.Popen", "os.mkdir", "os.remove"):
        started.append(event)

for name in sys.argv[1:]:
    if name.endswith("__main__"):
        continue
    if not written and not started and name == sys.argv[1]:
        sys.dont_write_bytecode = True
        sys.addaudithook(watch)
    __import__(name)
print(threading.active_count(), written, started)
"""


def test_importing_has_no_effect(tmp_path: Path) -> None:
    names = [".".join(dotted(path)) for path in MODULES]
    found = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *names],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "1 [] []"
    assert found.stderr == ""
    assert list(tmp_path.iterdir()) == []


@of_each_module
def test_no_group_of_a_regex_is_possessive(path: Path) -> None:
    """Before 3.11.5 Python matches some wrongly: ``(?:\\s++|(?!a)b)*+`` took in what it must not."""
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"\)(?:[*+?]|\{[\d,]*\})\+|\(\?>", text)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests/browser").glob("test_*.py")), ids=lambda p: p.name
)
def test_browser_tests_wait_by_functions(path: Path) -> None:
    """What Playwright would evaluate anew, a page's policy refuses: waiting.until makes a function of it."""
    assert "wait_for_function(" not in path.read_text(encoding="utf-8")


def test_scripts_wait_for_the_whole_page() -> None:
    """One that is kept by the browser would else run before what it looks for has come."""
    page = (ROOT / "templates/_page.html").read_text(encoding="utf-8")
    scripts = [re.sub(r"\{.*?\}", "", each) for each in re.findall(r"<script ([^>]*)>", page)]
    at_once = [each for each in scripts if "module" not in each and "defer" not in each]
    assert [re.findall(r"/(\w+)\.js", each) for each in at_once] == [["storage"], ["theme"]]
    assert not [each for each in scripts if "async" in each.split()]
