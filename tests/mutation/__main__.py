"""``make mutate PACKAGE=search``: gives a package small faults, and tells which the tests let pass.

Works in copies of the tree below ``.mutation/``. Each mutant is tried by the tests that call the
function it stands in, the quickest first, in a process forked off this one once the libraries are
loaded. What was killed is kept, so that a run goes on where the last one stopped; what survived is
tried again once a test has changed.
"""

import argparse
import random
import sys

from .running import LOADED, calls, run
from .trials import EVERYWHERE, ROOT, Trial, trials, unchanged

HOME = ROOT / ".mutation"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("package", help="below app/: search, export, web/pager.py; several: a,b")
    parser.add_argument(
        "--tests", default="", help="what may kill them; by default those beside it"
    )
    parser.add_argument("--count", type=int, default=300, help="mutants, a sample (300)")
    parser.add_argument("--seed", type=int, default=1, help="which sample (1)")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    HOME.mkdir(exist_ok=True)
    place = HOME / given.package.replace("/", "-").replace(",", "+")[:60]
    copies = [place / f"copy{number}" for number in range(given.processes)]
    traced = calls(copies, given.tests.split() or _tests(given.package), HOME)
    found = trials(given.package, traced)
    chosen = random.Random(given.seed).sample(found, min(given.count, len(found)))
    for name in LOADED.split():
        __import__(name)
    as_it_is = unchanged(chosen)
    run([as_it_is], copies, HOME)
    if as_it_is.state != "survived":
        sys.exit("the tests fail without any fault: nothing can be told")
    run(chosen, copies, HOME)
    _report(given.package, len(found), chosen)


def _tests(package: str) -> list[str]:
    """The folders of tests beside the packages, those of the web, which meet all of them, and what looks
    at every module."""
    rooms = {name.split("/")[0].removesuffix(".py") for name in package.split(",")} | {"web"}
    folders = [f"tests/{room}" for room in sorted(rooms) if (ROOT / "tests" / room).is_dir()]
    return [*folders, EVERYWHERE]


def _report(package: str, count: int, chosen: list[Trial]) -> None:
    """Each that survived with its change, and the share that was killed."""
    alive = [trial for trial in chosen if not trial.found]
    for trial in sorted(alive, key=lambda each: (each.path, each.mutant.line)):
        mutant = trial.mutant
        print(f"\n{trial.path}:{mutant.line} {mutant.inside} ({mutant.kind}, {trial.state})")
        print("\n".join(trial.lines()))
    hung = sum(trial.state == "hung" for trial in chosen)
    share = 1 - len(alive) / max(len(chosen), 1)
    print(f"\n{package}: {len(chosen)} of {count} mutants, {share:.0%} killed, {hung} of them hang")
    for path in sorted({trial.path for trial in chosen}):
        here = [trial for trial in chosen if trial.path == path]
        print(f"  {sum(each.found for each in here):4} of {len(here):4} {path}")


if __name__ == "__main__":
    main()
