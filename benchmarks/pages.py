"""Pages over HTTP: the explorer with its facets, the first and the last page, conversations.

Each round starts Thinklens's server anew, so that no page comes from the round before; Datasette's
stays as it is. "Whole" is the page and all that it asks for by itself afterwards: its facets.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping

from . import thinklens
from .figures import AT_MOST, FASTER, RATIO_AT_MOST, Figure, Line, Reach
from .references import Datasette
from .run import Run
from .serving import Server, served, started

SIZE = 25
CONVERSATIONS = 60
TWO = "Datasette, two facets"
UNSUGGESTED = "the same without its suggestions"
BARE = "Datasette, no facet"
Times = dict[tuple[str, str], list[float]]


def explored(run: Run) -> Iterator[Line]:
    """Explorer pages by class of word, and without a search."""
    times: Times = defaultdict(list)
    asked = [(picks.kind, query) for picks in run.words for query in picks.queries]
    asked.append(("no search", ""))
    with run.references.datasette() as datasette:
        for _ in range(run.rounds):
            with served([run.data], run.data_dir) as server:
                _warm(run, server, datasette)
                for kind, query in asked:
                    _explore(run, server, datasette, times, kind, query)
    for kind in dict.fromkeys(kind for kind, _ in asked):
        yield from _lines(times, kind)
    again = tuple(
        value for (_, what), values in times.items() if what == "again" for value in values
    )
    yield Line("explorer page, whole, all of these, asked again at once", Figure(again))


def _warm(run: Run, server: Server, datasette: Datasette | None) -> None:
    for query in run.warming()[:3]:
        whole(server, thinklens.explorer(run.name, q=query))
        if datasette:
            datasette.server.seconds(datasette.search(query, facets=False))


def whole(server: Server, path: str) -> tuple[float, float]:
    """Milliseconds until the results are there, and until all that the page asks for is."""
    start = time.perf_counter()
    page = server.page(path)
    if page.status != 200:
        raise RuntimeError(f"{path} answered {page.status}")
    for further in thinklens.rest(page.text):
        server.seconds(further)
    return page.seconds * 1000, (time.perf_counter() - start) * 1000


def _explore(
    run: Run, server: Server, datasette: Datasette | None, times: Times, kind: str, query: str
) -> None:
    path = thinklens.explorer(run.name, **({"q": query} if query else {}))
    results, all_of_it = whole(server, path)
    times[kind, "results"].append(results)
    times[kind, "whole"].append(all_of_it)
    times[kind, "again"].append(whole(server, path)[1])
    if datasette is None:
        return
    for name, address in (
        (TWO, datasette.search(query, facets=True)),
        (UNSUGGESTED, datasette.search(query, facets=True, suggest=False)),
        (BARE, datasette.search(query, facets=False)),
    ):
        times[kind, name].append(datasette.server.seconds(address) * 1000)


def _lines(times: Times, kind: str) -> Iterator[Line]:
    def beside(*names: str) -> dict[str, Figure]:
        return {name: Figure(tuple(times[kind, name])) for name in names if times[kind, name]}

    results = Figure(tuple(times[kind, "results"]))
    yield Line(
        f"explorer page with results, {kind}", results, beside(BARE), (Reach(AT_MOST, 60, "p95"),)
    )
    reaches = [Reach(FASTER, 20, beside=TWO)] if kind != "no search" else []
    if kind == "most frequent":
        reaches.append(Reach(AT_MOST, 150))
    page = Figure(tuple(times[kind, "whole"]))
    yield Line(f"the same with all facets, {kind}", page, beside(TWO, UNSUGGESTED), tuple(reaches))


def turned(run: Run) -> Iterator[Line]:
    """The last page beside the first, without a search and of the most frequent word."""
    asked: dict[str, dict[str, str]] = {
        "no search": {},
        "most frequent": {"q": run.word("most frequent")},
    }
    times: Times = defaultdict(list)
    for turn, ends in enumerate([_ends(run, asked)] * run.rounds):
        with served([run.data], run.data_dir) as server:
            _warm(run, server, None)
            for kind, given in asked.items():
                last = ends[kind][1][1]
                for near in (2, last - 1):  # what lies there is read once, whoever asks first
                    server.page(thinklens.explorer(run.name, **given, page=str(near)))
                for end, page in ends[kind][:: 1 if turn % 2 else -1]:
                    path = thinklens.explorer(run.name, **given, page=str(page))
                    times[kind, end].append(whole(server, path)[1])
    for kind in asked:
        yield Line(
            f"the last page, {kind}",
            Figure(tuple(times[kind, "last"])),
            {"the first page": Figure(tuple(times[kind, "first"]))},
            (Reach(RATIO_AT_MOST, 1.5, beside="the first page"),),
        )


def _ends(run: Run, asked: Mapping[str, dict[str, str]]) -> dict[str, list[tuple[str, int]]]:
    """The number of the first and the last page; told by a server that is not measured."""
    with served([run.data], run.data_dir) as server:
        found = {kind: server.json(thinklens.search(run.name, **q)) for kind, q in asked.items()}
    return {kind: [("first", 1), ("last", each["pages"])] for kind, each in found.items()}


def read(run: Run) -> Iterator[Line]:
    """Conversations picked at random; the same rows in Datasette; a file of one single row group."""
    with run.references.datasette() as datasette, served([run.data], run.data_dir) as server:
        ours, theirs = [], []
        for turn, row in enumerate([*run.chosen(5), *run.chosen(CONVERSATIONS)]):
            pair = [server.seconds(thinklens.conversation(run.name, row)) * 1000]
            if datasette:
                pair.append(datasette.server.seconds(datasette.row(row)) * 1000)
            if turn >= 5:  # those before warm up
                ours.append(pair[0])
                theirs += pair[1:]
    beside = {"Datasette's raw row": Figure(tuple(theirs))} if theirs else {}
    reach = (Reach(AT_MOST, 50, "p95"),)
    yield Line("conversation page", Figure(tuple(ours)), beside, reach)
    with served([run.single], run.single_data_dir) as server:
        paths = [thinklens.conversation("single", row) for row in run.chosen(CONVERSATIONS, 5_000)]
        server.seconds(paths[0])
        found = tuple(server.seconds(path) * 1000 for path in paths)
    yield Line("conversation page, file of one single row group", Figure(found), {}, reach)


def begun(run: Run) -> Iterator[Line]:
    """From the command to the first page, the index being there."""
    first = thinklens.explorer(run.name)
    found = tuple(started([run.data], run.data_dir, first) for _ in range(run.rounds))
    reach = (Reach(AT_MOST, 1.5),)
    yield Line("start on an existing index to the first page", Figure(found, "s"), {}, reach)
