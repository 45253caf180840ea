"""The style sheets: a class belongs to one page, text has five sizes and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import asset_dir

SHEETS = sorted(asset_dir("static").glob("*.css"))
# The sheets of each page; app.css is the frame of all, print.css says all of them anew for paper.
PAGES = {
    "home": ("home",),
    "login": ("login",),
    "search": ("search",),
    "explorer": ("explorer", "results"),
    "conversation": ("conversation", "trace", "prose"),
    "beside": ("beside",),
    "overview": ("overview",),
    "copies": ("copies",),
    "overlap": ("overlap",),
    "export": ("export",),
}
# Classes that stand by themselves in the sheets of one page and are meant by those of another too.
SHARED = {
    "message",  # a message and its list, in the pane of the explorer too
    "messages",
    "prose",
    "steps",  # the bar of the ways on, over one conversation and over two
    "whose",
    "moves",
    "place",  # where a row stands in the list, over the pane too
    "pick",  # the way to choose a row for the comparison: in the list, on its page
}
SIZES = {"small", "base", "reading", "title", "head"}
# Names that stand for one of the sizes where they are set.
STAND_FOR_SIZES = {"code", "first", "second", "third"}
IN_PROPORTION = (".prose .math .katex",)  # mathematics, drawn as large as the text around it


def rules(sheet: Path) -> Iterator[tuple[str, str]]:
    """The selectors of each rule, and what it declares."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    for selectors, body in re.findall(r"([^{};]+)\{([^{}]*)\}", text):
        yield selectors.strip(), body


def named(selectors: str) -> set[str]:
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r'"[^"]*"', '""', selectors)))


def alone(selectors: str) -> set[str]:
    """The classes that a rule styles wherever they stand: nothing before them says where."""
    found = (re.fullmatch(r"\.([\w-]+)(::?[\w-]+)?", each.strip()) for each in selectors.split(","))
    return {each[1] for each in found if each}


def of_page(page: str, classes: str) -> set[str]:
    sheets = [sheet for sheet in SHEETS if sheet.stem in PAGES[page]]
    find = {"alone": alone, "named": named}[classes]
    return {name for sheet in sheets for selectors, _ in rules(sheet) for name in find(selectors)}


def test_every_sheet_belongs_somewhere() -> None:
    known = {sheet for sheets in PAGES.values() for sheet in sheets} | {"app", "print"}
    assert {sheet.stem for sheet in SHEETS} == known, "PAGES has the sheets of each page"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_every_sheet_is_linked(sheet: Path) -> None:
    page = (asset_dir("templates") / "_page.html").read_text("utf-8")
    assert f"/{sheet.name}" in page, f"templates/_page.html links no {sheet.name}"


@pytest.mark.parametrize("page", PAGES)
def test_a_class_belongs_to_one_page(page: str) -> None:
    others = [of_page(other, "named") for other in PAGES if other != page]
    assert of_page(page, "alone") & set().union(*others) <= SHARED


def test_what_is_shared_is_shared_on_purpose() -> None:
    """A name that no two pages share any more is taken off the list."""
    for name in SHARED:
        assert sum(name in of_page(page, "named") for page in PAGES) > 1, name


def sizes(sheet: Path) -> Iterator[tuple[str, str]]:
    """The selectors of each rule that sets a size of text, and that size."""
    for selectors, body in rules(sheet):
        for name, value in re.findall(r"(?:^|[;\s])(font|font-size|--[a-z]+)\s*:\s*([^;]+)", body):
            if name in ("font", "font-size") or name.removeprefix("--") in STAND_FOR_SIZES:
                yield selectors, value.strip()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_every_size_of_text_is_one_of_five(sheet: Path) -> None:
    for selectors, value in sizes(sheet):
        if selectors.startswith(IN_PROPORTION) or value == "inherit":
            continue
        chosen = re.search(r"var\(--(" + "|".join(SIZES | STAND_FOR_SIZES) + r")\)", value)
        assert chosen, f"{selectors}: {value}"
        assert not re.search(r"\d(?:rem|em|px|pt)", value.partition("/")[0]), (
            f"{selectors}: {value}"
        )


def test_there_are_five_sizes() -> None:
    root = next(
        body for selectors, body in rules(asset_dir("static") / "app.css") if "--ink" in body
    )
    given = dict(re.findall(r"--([a-z]+): ([\d.]+)rem;", root))
    found = sorted(float(given[size]) for size in SIZES)
    assert found == [0.8125, 0.9375, 1.0625, 1.25, 1.5]
