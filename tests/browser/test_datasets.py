"""A folder with a dataset of every source format, browsed: all of them, one, a conversation, a search."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, expect

from app.conversations.formats.table import NAMES

from .axe import violations
from .conftest import program_over

Row = dict[str, Any]

Q, A = "Wie viele Beine?", "Acht."
ASKED = [{"role": "user", "content": Q}]
ANSWERED = [{"role": "assistant", "content": A}]
# A row of each source format, by its name.
ROWS: dict[str, Row] = {
    "card": {"prompt": Q, "response": f"<think>\nSpinne.\n</think>\n\n{A}"},
    "columns": {"instruction": Q, "input": "", "output": A},
    "glaive": {"system": "SYSTEM: Kurz.", "chat": f"USER: {Q}\n\n\nASSISTANT: {A} <|endoftext|>\n"},
    "pair": {"question": Q, "chosen": A, "rejected": "Neun."},
    "prompt-completion": {"prompt": ASKED, "completion": ANSWERED},
    "text": {"text": f"### Human: {Q}### Assistant: {A}"},
    "tree": {"message_id": "a", "parent_id": None, "text": Q, "role": "prompter"},
    "turns": {"messages": [*ASKED, *ANSWERED]},
    "xlam": {"query": Q, "answers": '[{"name": "legs", "arguments": {}}]', "tools": "[]"},
}
WITHOUT_ANSWER = ("tree", "xlam")  # a question alone, a call alone


def test_every_format_has_a_dataset() -> None:
    assert sorted(ROWS) == sorted(NAMES)


def write(folder: Path, name: str, row: Row, rows: int) -> Path:
    """A dataset of so many equal rows: Parquet, but every second one JSON Lines; written long ago."""
    if len(name) % 2:
        path = folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for _ in range(rows)), "utf-8")
    else:
        path = folder / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist([row] * rows), path)
    os.utime(path, (1_000_000, 1_000_000))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("formats")
    for number, (name, row) in enumerate(ROWS.items()):
        write(place, name, row, number + 1)
    (place / "notes.txt").write_text("none")
    return place


@pytest.fixture(scope="module")
def address(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with program_over(folder, tmp_path_factory.mktemp("data")) as found:
        yield found


def test_all_one_a_conversation_and_back(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("tr.dataset")).to_have_count(len(NAMES))
    expect(page.locator("#datasets-summary")).to_contain_text(f"{len(NAMES)} datasets, ")
    for number, name in enumerate(ROWS):
        row = page.locator("tr.dataset", has=page.get_by_role("link", name=name, exact=True))
        expect(row.locator("code.format")).to_have_text(name)
        expect(row.locator("td").first).to_have_text(str(number + 1))
    expect(page.get_by_text("1 entry is no data")).to_be_visible()
    assert violations(page) == []
    for name in NAMES:
        page.locator("tr.dataset").get_by_role("link", name=name, exact=True).click()
        expect(page.locator("h1")).to_have_text(name)
        page.locator("li.result a.title").first.click()
        expect(page).to_have_url(re.compile(rf"/datasets/{name}/conversations/0"))
        expect(page.locator("#main")).to_contain_text(Q if name in WITHOUT_ANSWER else A)
        page.go_back()
        expect(page).to_have_url(re.compile(rf"/datasets/{name}$"))
        expect(page.locator("h1")).to_have_text(name)
        page.get_by_role("link", name="Datasets").click()
        expect(page.locator("tr.dataset")).to_have_count(len(NAMES))


def test_one_search_over_all(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.get_by_label("Search in").select_option("all")
    page.locator("#q").fill("beine")
    expect(page).to_have_url(f"{address}/")
    page.locator("#q").press("Enter")
    expect(page).to_have_url(f"{address}/search?q=beine&in=all")
    expect(page.locator("ul.totals li")).to_have_count(len(NAMES))
    assert violations(page) == []
    page.get_by_role("link", name="pair", exact=True).click()
    expect(page).to_have_url(f"{address}/datasets/pair?q=beine&in=all")
    expect(page.locator("#q")).to_have_value("beine")
    page.go_back()
    expect(page.locator("h1")).to_have_text("“beine” in all datasets")


def test_datasets_come_and_go_on_an_open_page(page: Page, address: str, folder: Path) -> None:
    """Nobody loads the page again, and what has the focus keeps it."""
    page.goto(address)
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="card", exact=True).focus()
    added = write(folder, "added", {"prompt": Q, "response": A}, 3)
    row = page.locator("tr.dataset", has=page.get_by_role("link", name="added", exact=True))
    expect(row).to_contain_text("Ready", timeout=30_000)
    expect(row.locator("td").first).to_have_text("3")
    expect(page.get_by_role("link", name="card", exact=True)).to_be_focused()
    write(folder, "added", {"prompt": Q, "response": A}, 5)
    expect(row.locator("td").first).to_have_text("5", timeout=30_000)
    added.unlink()
    expect(row).to_have_count(0, timeout=30_000)
    assert page.evaluate("window.same") is True


def test_without_scripts_names_are_narrowed_and_sorted(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{address}/?name=t")
    plain.locator("#name").fill("tur")
    plain.get_by_role("button", name="Narrow").click()
    expect(plain).to_have_url(f"{address}/?name=tur")
    expect(plain.locator("tr.dataset")).to_have_count(1)
    plain.goto(address)
    plain.get_by_role("link", name="By name").click()
    names = plain.locator("tr.dataset th a").all_text_contents()
    assert names == sorted(NAMES)
    plain.locator("#q").fill("beine")
    plain.get_by_role("button", name="Search").click()
    expect(plain).to_have_url(re.compile(r"/search\?q=beine&in=$"))
    context.close()
