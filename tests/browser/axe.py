"""What axe finds on a page: in each element, and of colours in one of each kind, in light and in dark."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# What passes is looked at no further than to tell that it does, and is not brought here.
FOUND = {
    "resultTypes": ["violations"],
    "preload": False,
    "rules": {rule: {"enabled": False} for rule in OF_COLOURS},
}
# One element of each kind: those that stand in elements of the same names, classes and states have the same
# colours, which are chosen by style sheets alone. To look at each takes most of the time of all rules.
KINDS = """() => {
  const kind = (e) => !e ? "" : kind(e.parentElement) + ">" + e.tagName + "." + e.getAttribute("class")
    + [...e.attributes].filter(a => /^(aria-|data-|role|open|hidden|disabled|type|dir)/.test(a.name))
      .map(a => a.name + (a.value.length < 20 ? a.value : "")).join();
  const seen = new Set(), one = [];
  for (const e of document.body.querySelectorAll("*")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const own = kind(e);
    if (!seen.has(own)) { seen.add(own); one.push(e); }
  }
  return one;
}"""
COLOURS = f"""(all) => axe.run({{ include: all.length ? all : [document] }}, {{
  resultTypes: ["violations"],
  runOnly: {{ type: "rule", values: {OF_COLOURS} }},
}})"""


def _said(response: dict[str, Any]) -> list[str]:
    found: list[dict[str, Any]] = response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def violations(page: Page) -> list[str]:
    """What axe finds, a line each: rule, element, and how to mend it."""
    return _said(Axe().run(page, options=FOUND).response) + of_colours(page)


def of_colours(page: Page) -> list[str]:
    """What it finds of colours, where it ran before."""
    return _said(page.evaluate(f"() => ({COLOURS})(({KINDS})())"))


def in_both(page: Page) -> list[str]:
    """What it finds in light and in dark, on a page that follows the system."""
    page.emulate_media(color_scheme="light")
    found = [f"light {line}" for line in violations(page)]
    page.emulate_media(color_scheme="dark")
    return found + [f"dark {line}" for line in of_colours(page)]
