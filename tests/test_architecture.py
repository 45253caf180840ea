"""The map and the decisions against the tree: every folder is told, every file that is told exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAP = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
HEADINGS = ["What", "Why", "Measured", "What would change it"]
TOP = ("app", "templates", "static", "tests", "benchmarks", "demo", "deploy", "docs")
PATH = re.compile(rf"`((?:{'|'.join(TOP)})/[\w./-]*|[A-Za-z]+\.md)`")


def folders() -> list[str]:
    """Every folder of the program, as the map writes it, and what stands beside it."""
    inside = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "app").rglob("*/"))
        if any(path.glob("*.py")) and "_bundled" not in path.parts
    ]
    return [*inside, *TOP[1:]]


def exists(name: str) -> bool:
    """Whether there is such a file or folder; a name without an ending may be a module or a package."""
    return (ROOT / name).exists() or (ROOT / f"{name}.py").exists()


@pytest.mark.parametrize("folder", folders())
def test_every_folder_is_on_the_map(folder: str) -> None:
    named = f"`{folder}/`" in MAP
    assert named, f"{folder}/ has no row in ARCHITECTURE.md, below the question that it answers"


@pytest.mark.parametrize(
    "text", [MAP, CONTRIBUTING, *(each.read_text("utf-8") for each in DECISIONS)]
)
def test_what_is_named_exists(text: str) -> None:
    named = PATH.findall(text)
    assert named
    assert [name for name in named if not exists(name)] == []


def test_a_name_that_is_nowhere_is_seen() -> None:
    assert PATH.findall("`app/nowhere.py` and `tests/` and `README.md` and `q`") == [
        "app/nowhere.py",
        "tests/",
        "README.md",
    ]
    assert not exists("app/nowhere.py")
    assert exists("app/conversations/model")


def test_there_are_decisions() -> None:
    numbers = [int(path.name[:2]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 10


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_why_and_what_else(path: Path) -> None:
    text = path.read_text("utf-8")
    title = re.match(r"# (.+)\n", text)
    assert title
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert all(
        len(part.strip()) > 80 for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]
    )
    assert f"[{title[1]}](docs/decisions/{path.name})" in MAP
    assert f"[{title[1]}]({path.name})" in (path.parent / "README.md").read_text("utf-8")
