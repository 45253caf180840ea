"""A conversation with a long trace, as a browser has it: ``python -m benchmarks.reading DATA``.

Real traces are put together to one of 125,000 characters. A warm server gives its page to Chromium,
which has the styles and scripts of the site, and tells by its own clock when the first text is painted,
how long the trace takes to unfold to the next painted frame, and how far anything shifted.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from playwright.sync_api import BrowserContext, sync_playwright

from . import thinklens
from .rendering import TRACE, long_text, texts_of_rows
from .serving import served

ROUNDS = 10
SETTLED = 2000  # milliseconds in which a new tab's own interface, drawn by scripts too, is there
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
_PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  if (paint) done([paint.startTime, performance.getEntriesByType("navigation")[0].responseEnd]);
}).observe({ type: "paint", buffered: true }))"""
_UNFOLD = """() => new Promise((done) => {
  const start = performance.now();
  document.querySelector("details.reasoning > summary").click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
_SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) sum += each.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the medians with the least and the most."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("data", type=Path, help="a Parquet file or a folder of them")
    data = parser.parse_args(arguments).data
    traces = [text for texts in texts_of_rows(data) for text, reasoning in texts if reasoning]
    with tempfile.TemporaryDirectory(prefix="thinklens-reading-") as folder:
        path = Path(folder) / "long.parquet"
        response = f"<think>\n{long_text(traces, TRACE)}\n</think>\nDone."
        pq.write_table(pa.table({"prompt": ["A long one"], "response": [response]}), path)
        home = Path(folder) / "index"
        subprocess.run(thinklens.index_command(path, home), check=True, capture_output=True)
        with served([path], home) as server, sync_playwright() as playwright:
            address = f"http://127.0.0.1:{server.port}{thinklens.conversation('long', 0)}"
            found = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
            server_times = [
                1000 * server.seconds(thinklens.conversation("long", 0)) for _ in range(ROUNDS)
            ]
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            rounds = [_round(context, address) for _ in range(ROUNDS + 1)][1:]
            browser.close()
    _tell(f"server, a trace of {TRACE:,} characters", server_times)
    for name, values in zip(
        ("first text", "last byte", "unfolded"), zip(*rounds, strict=True), strict=False
    ):
        _tell(name, values)
    sys.stdout.write(f"layout shift {max(each[3] for each in rounds):.4f} at most\n")


def _round(context: BrowserContext, address: str) -> tuple[float, float, float, float]:
    """Milliseconds to the first text, to the last byte, to unfold; the layout shift."""
    page = context.new_page()
    page.add_init_script("localStorage.clear()")  # or every other round would begin unfolded
    page.wait_for_timeout(SETTLED)
    page.goto(address)
    painted, ended = page.evaluate(_PAINT)
    shift = page.evaluate(_SHIFTS)
    unfolded = page.evaluate(_UNFOLD)
    page.close()
    return painted, ended, unfolded, shift


def _tell(name: str, values: Sequence[float]) -> None:
    sys.stdout.write(
        f"{name}: median {statistics.median(values):.0f} ms ({min(values):.0f}-{max(values):.0f})\n"
    )


if __name__ == "__main__":
    main()
