"""Many clients at once: each asks for a page after another on its own connection until time is up."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from . import reaches, thinklens
from .figures import Figure, Line, Took, one, rate
from .references import Datasette
from .run import Run
from .serving import Server, served

CLIENTS = 32
ENDED = 503  # what the program answers to a query that took too long
Paths = Callable[[Random], str]


@dataclass
class Load:
    """What a group of clients met, until its last answer, and what the server took for all groups."""

    clients: int
    paths: Paths
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    seconds: float = 0.0
    processor: float = 0.0

    def errors(self, allowed: Sequence[int] = (200,)) -> int:
        """Answers that are none of these, and connections that broke."""
        wrong = sum(n for status, n in self.statuses.items() if status not in allowed)
        return wrong + self.broken

    @property
    def rate(self) -> Figure:
        """Good answers a second."""
        return rate([(self.statuses[200], Took(self.seconds, self.processor))], "/s")


def loaded(server: Server, loads: Sequence[Load], seconds: float) -> None:
    """Let all groups ask at the same time."""
    before, start = server.processor(), time.perf_counter()
    threads = [
        threading.Thread(target=_client, args=(server, load, number, start, seconds))
        for load in loads
        for number in range(load.clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for load in loads:
        load.processor = server.processor() - before


def _client(server: Server, load: Load, number: int, start: float, seconds: float) -> None:
    random = Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    while time.perf_counter() - start < seconds:
        began = time.perf_counter()
        try:
            connection.request("GET", load.paths(random))
            response = connection.getresponse()
            response.read()
            load.statuses[response.status] += 1
        except (OSError, http.client.HTTPException):
            load.broken += 1
            connection.close()
        now = time.perf_counter()
        load.times.append((now - began) * 1000)
        load.seconds = max(load.seconds, now - start)
    connection.close()


def _warm(server: Server, load: Load) -> None:
    """A few of the addresses, one after the other, before any time counts."""
    random = Random(-1)
    for _ in range(10):
        server.page(load.paths(random))


def mixed(run: Run) -> Iterator[Line]:
    """32 clients, three of five pages conversations, the others searches; the same in Datasette."""
    queries = [query for picks in run.words for query in picks.queries]
    ours = Load(CLIENTS, _reading_and_searching(run, queries))
    with served([run.data], run.data_dir) as server:
        _warm(server, ours)
        loaded(server, [ours], run.seconds)
        resident, proportional = server.memory()
    theirs = None
    with run.references.datasette() as datasette:
        if datasette is not None:
            theirs = Load(CLIENTS, _rows_and_searches(run, datasette, queries))
            _warm(datasette.server, theirs)
            loaded(datasette.server, [theirs], run.seconds)
    yield from _mixed_lines(ours, theirs)
    note = f"(PSS; resident {resident / 1e6:,.0f} MB)"
    shared = one(proportional / 1e6, "MB")
    yield Line("server memory after that", shared, {}, reaches.SERVER_MEMORY, note)


def _mixed_lines(ours: Load, theirs: Load | None) -> Iterator[Line]:
    other = {reaches.DATASETTE: theirs} if theirs else {}
    yield Line(
        f"{CLIENTS} clients, 60% conversations, 40% searches: answers a second",
        ours.rate,
        {name: load.rate for name, load in other.items()},
        reaches.CLIENTS,
    )
    yield Line(
        "the same: time of an answer",
        Figure(tuple(ours.times)),
        {name: Figure(tuple(load.times)) for name, load in other.items()},
    )
    yield Line(
        "the same: errors",
        one(ours.errors(), ""),
        {name: one(load.errors(), "") for name, load in other.items()},
        reaches.NO_ERRORS,
        f"of {len(ours.times):,}",
    )


def _reading_and_searching(run: Run, queries: Sequence[str]) -> Paths:
    def path(random: Random) -> str:
        if random.random() < 0.6:
            return thinklens.conversation(run.name, random.randrange(run.rows))
        return thinklens.explorer(run.name, q=random.choice(queries))

    return path


def _rows_and_searches(run: Run, datasette: Datasette, queries: Sequence[str]) -> Paths:
    def path(random: Random) -> str:
        if random.random() < 0.6:
            return datasette.row(random.randrange(run.rows))
        return datasette.search(random.choice(queries), facets=True)

    return path


def held(run: Run) -> Iterator[Line]:
    """16 clients with the heaviest queries there are beside 16 that read and search."""
    queries = [query for picks in run.words for query in picks.queries]
    light = Load(CLIENTS // 2, _reading_and_searching(run, queries))
    with served([run.data], run.data_dir) as server:
        _warm(server, light)
        kinds = _heavy(run, server)
        heavy = Load(CLIENTS // 2, lambda random: random.choice(kinds))
        loaded(server, [light, heavy], run.seconds)
    found = f"{len(light.times):,} light, {len(heavy.times):,} heavy"
    yield Line(
        f"{light.clients} light beside {heavy.clients} heavy clients: time of a light answer",
        Figure(tuple(light.times)) if light.times else None,
        {"heavy": Figure(tuple(heavy.times))} if heavy.times else {},
        (),
        f"({found})",
    )
    errors = light.errors() + heavy.errors((200, ENDED))
    ended = heavy.statuses[ENDED]
    note = f"({ended:,} heavy ones ended at their time limit)"
    yield Line("the same: errors", one(errors, ""), {}, reaches.NO_ERRORS, note)


def _heavy(run: Run, server: Server) -> list[str]:
    """Addresses that cost most; those that the program does not know yet are left out."""
    top = run.word("most frequent")
    asked = [
        {"q": r"/(a|e|i).*(o|u)[^a-z]+zq$/", "part": "all"},
        {"q": r"/(?i)(\w+) (\w+)ly .*xyzzy/", "part": "all"},
        {"q": "s* t* a*", "part": "all"},
        {"q": top, "sort": "random:7"},
        {"q": top, "sort": "-prompt_words"},
    ]
    addresses = [thinklens.search(run.name, **each) for each in asked]
    answers = [(address, server.page(address)) for address in addresses]
    return [each for each, page in answers if not thinklens.not_built(page.status, page.text)]
