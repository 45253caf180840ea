"""Pages over HTTP: the explorer with its facets, the first and the last page, conversations.

Each round starts Thinklens's server anew, and for pairs of words another time, so that neither a page
nor a word's list of rows comes from before; Datasette's stays as it is. "Whole" is the page and all that
it asks for by itself afterwards: its facets.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

from . import reaches, thinklens
from .figures import Figure, Line, Took, times
from .picks import Picks, apart
from .reaches import TWO
from .references import Datasette
from .run import Run
from .serving import Server, served, started

SIZE = 25
CONVERSATIONS = 60
UNSUGGESTED = "the same without its suggestions"
BARE = "Datasette, no facet"
Asks = dict[tuple[str, str], list[Took]]


def explored(run: Run) -> Iterator[Line]:
    """Explorer pages by class of word, and without a search."""
    asks: Asks = defaultdict(list)
    none = Picks("no search", ("",))
    first, *more = apart(run.words)
    with run.references.datasette() as datasette:
        for _, group in product(range(run.rounds), ([*first, none], *more)):
            with served([run.data], run.data_dir) as server:
                _warm(run, server, datasette)
                for picks in group:
                    for query in picks.queries:
                        _explore(run, server, datasette, asks, picks.kind, query)
    for picks in (*run.words, none):
        yield from _lines(asks, picks.kind)
    again = [took for (_, what), found in asks.items() if what == "again" for took in found]
    yield Line("explorer page, whole, all of these, asked again at once", times(again))


def _warm(run: Run, server: Server, datasette: Datasette | None) -> None:
    for query in run.warming()[:3]:
        whole(server, thinklens.explorer(run.name, q=query))
        if datasette:
            datasette.server.took(datasette.search(query, facets=False))


def whole(server: Server, path: str) -> tuple[Took, Took]:
    """What it takes until the results are there, and until all that the page asks for is."""
    page = server.page(path)
    if page.status != 200:
        raise RuntimeError(f"{path} answered {page.status}")
    rest = [server.took(further) for further in thinklens.rest(page.text)]
    return page.took, sum(rest, page.took)


def _explore(
    run: Run, server: Server, datasette: Datasette | None, asks: Asks, kind: str, query: str
) -> None:
    path = thinklens.explorer(run.name, **({"q": query} if query else {}))
    results, all_of_it = whole(server, path)
    asks[kind, "results"].append(results)
    asks[kind, "whole"].append(all_of_it)
    asks[kind, "again"].append(whole(server, path)[1])
    if datasette is None:
        return
    for name, address in (
        (TWO, datasette.search(query, facets=True)),
        (UNSUGGESTED, datasette.search(query, facets=True, suggest=False)),
        (BARE, datasette.search(query, facets=False)),
    ):
        asks[kind, name].append(datasette.server.took(address))


def _lines(asks: Asks, kind: str) -> Iterator[Line]:
    def beside(*names: str) -> dict[str, Figure]:
        return {name: times(asks[kind, name]) for name in names if asks[kind, name]}

    results = times(asks[kind, "results"])
    yield Line(f"explorer page with results, {kind}", results, beside(BARE))
    page = times(asks[kind, "whole"])
    others = beside(TWO, UNSUGGESTED)
    yield Line(f"the same with its facets, {kind}", page, others, reaches.page(kind))


def as_json(run: Run) -> Iterator[Line]:
    """The first 25 of a search as JSON, with their passages, by class of word."""
    asks: dict[str, list[Took]] = defaultdict(list)
    for _, group in product(range(run.rounds), apart(run.words)):
        with served([run.data], run.data_dir) as server:
            for query in run.warming()[:8]:
                server.took(thinklens.search(run.name, q=query))
            for picks in group:
                for query in picks.queries:
                    asks[picks.kind].append(server.took(thinklens.search(run.name, q=query)))
    for kind in (picks.kind for picks in run.words):
        found = times(asks[kind])
        yield Line(f"search as JSON over HTTP, {kind}", found, {}, reaches.as_json(kind))


def turned(run: Run) -> Iterator[Line]:
    """The last page beside the first, without a search and of the most frequent word."""
    asked: dict[str, dict[str, str]] = {
        "no search": {},
        "most frequent": {"q": run.word("most frequent")},
    }
    asks: Asks = defaultdict(list)
    for turn, ends in enumerate([_ends(run, asked)] * run.rounds):
        with served([run.data], run.data_dir) as server:
            _warm(run, server, None)
            for kind, given in asked.items():
                last = ends[kind][1][1]
                for near in (2, last - 1):  # what lies there is read once, whoever asks first
                    server.page(thinklens.explorer(run.name, **given, page=str(near)))
                for end, page in ends[kind][:: 1 if turn % 2 else -1]:
                    path = thinklens.explorer(run.name, **given, page=str(page))
                    asks[kind, end].append(whole(server, path)[1])
    for kind in asked:
        yield Line(
            f"the last page, {kind}",
            times(asks[kind, "last"]),
            {reaches.FIRST: times(asks[kind, "first"])},
            reaches.LAST_PAGE,
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
            pair = [server.took(thinklens.conversation(run.name, row))]
            if datasette:
                pair.append(datasette.server.took(datasette.row(row)))
            if turn >= 5:  # those before warm up
                ours.append(pair[0])
                theirs += pair[1:]
    beside = {"Datasette's raw row": times(theirs)} if theirs else {}
    yield Line("conversation page", times(ours), beside, reaches.CONVERSATION)
    with served([run.single], run.single_data_dir) as server:
        paths = [thinklens.conversation("single", row) for row in run.chosen(CONVERSATIONS, 5_000)]
        server.took(paths[0])
        found = times(server.took(path) for path in paths)
    what = "conversation page, file of one single row group"
    yield Line(what, found, {}, reaches.CONVERSATION)


def begun(run: Run) -> Iterator[Line]:
    """From the command to the first page, the index being there."""
    first = thinklens.explorer(run.name)
    found = times((started([run.data], run.data_dir, first) for _ in range(run.rounds)), "s")
    yield Line("start on an existing index to the first page", found, {}, reaches.START)
