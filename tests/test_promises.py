"""The page of promises against the tree: every test that it names is there, and tests something."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and line != "| what is promised | the test that holds it |"
]
NAMED = sorted(set(re.findall(r"`(tests/[^`]*)`", PAGE)))


def test_each_promise_stands_once_and_names_a_test() -> None:
    assert len(ROWS) > 40
    assert {len(row) for row in ROWS} == {2}
    assert len({promise for promise, _ in ROWS}) == len(ROWS)
    assert [promise for promise, tests in ROWS if "`tests/" not in tests] == []


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_tests_something(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert re.search(r"^(?:@of_each_module\n)?def test_", text, re.MULTILINE)


def test_all_else_that_is_named_exists_and_the_page_is_linked() -> None:
    others = re.findall(r"`((?:app|benchmarks|docs)/[^`]*|[A-Z]+\.md)`", PAGE)
    assert others
    assert [name for name in others if not (ROOT / name).exists()] == []
    assert "(docs/promises.md)" in (ROOT / "SECURITY.md").read_text("utf-8")
