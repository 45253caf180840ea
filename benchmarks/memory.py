"""What a server of an indexed dataset holds: with its index open, after 100 requests and after 1,000.

    python -m benchmarks.memory DATA --data-dir DIR

Nothing is built: DIR has the index of DATA. The requests are those of `benchmarks.soak`, each read to its
end, the same ones each time. Between, the server comes to rest and gives back what it gives back by itself.
What a row of the open index holds is what the server has more than one of a few rows. Exit code 1 where a
reach does not hold.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from . import processes, reaches, rows, soak, thinklens
from .figures import Line, one, table, times
from .serving import Server, resting, served, started

FEW = 100  # rows of the dataset that an open index is compared with
FIRST, ALL = 100, 1_000  # requests
CLIENTS, STARTS = 4, 3
BACK = 12.0  # seconds after which a server has given back what is free
MB = 1e6
NO = "**no**"  # in a line that does not hold


@dataclass(frozen=True)
class Held:
    """Resident bytes of a server: at rest with its index open, after the first requests, after all, and the
    most that was seen meanwhile; with what the clients met."""

    opened: int
    first: int
    all: int
    most: int
    met: soak.Met


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--data-dir", type=Path, required=True)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        found = lines(asked.data, asked.data_dir, Path(work))
    print(table(found, [processes.machine()]))
    sys.exit(any(NO in line.holds for line in found))


def lines(data: Path, data_dir: Path, work: Path) -> list[Line]:
    """A line a measure."""
    source = thinklens.source(data)
    held = asked(data, data_dir, source.name, source.rows)
    begun = [started([data], data_dir, thinklens.explorer(source.name)) for _ in range(STARTS)]
    return [
        Line("from the command to the first page", times(begun, "s"), {}, reaches.START),
        *said(source.rows, _least(data, work), held),
    ]


def said(count: int, least: int, held: Held) -> list[Line]:
    """What a server held of so many rows, where one of a few rows holds ``least`` bytes. What a row takes
    is more than chance only where there are many."""
    per_row = (held.opened - least) / count
    large = reaches.ROW_BYTES if count >= reaches.LARGE else ()
    return [
        Line("index open", one(held.opened / MB, "MB")),
        Line("a row of it", one(per_row, "bytes"), {}, large),
        Line(f"after {FIRST:,} requests", one(held.first / MB, "MB")),
        Line(f"after {ALL:,} requests", one(held.all / MB, "MB")),
        Line("more", one((held.all - held.first) / MB, "MB"), {}, reaches.GROWTH),
        Line("the most meanwhile", one(held.most / MB, "MB"), {}, reaches.SERVER_MEMORY),
        Line("answers that are none", one(held.met.bad, ""), {}, reaches.NO_ERRORS),
    ]


def _least(data: Path, work: Path) -> int:
    """What a server of a few of the rows holds."""
    few = rows.slice_of(data, FEW, work / "few.parquet")
    processes.run(thinklens.index_command(few, work / "few-index"))
    with served([few], work / "few-index") as server:
        return server.memory()[0]


def asked(data: Path, data_dir: Path, name: str, count: int) -> Held:
    """Ask a server of so many rows, and see what it holds."""
    with served([data], data_dir) as server:
        opened = server.memory()[0]
        acts = soak.acts_of(name, count, soak.words(data), early=False)
        met = soak.Met()
        most = _asked(server, acts, range(FIRST), met)
        first = _rested(server)
        most = max(most, _asked(server, acts, range(FIRST, ALL), met))
        return Held(opened, first, _rested(server), most, met)


def _asked(server: Server, acts: Sequence[soak.Act], numbers: range, met: soak.Met) -> int:
    """Do what these numbers are the chance of, some clients at once; the most memory that was seen."""

    def client(own: range) -> None:
        for number in own:
            random = Random(number)
            random.choice(acts)(random, server.port, met)

    clients = [
        threading.Thread(target=client, args=(numbers[at::CLIENTS],)) for at in range(CLIENTS)
    ]
    with processes.watched(server.process.pid) as peak:
        for each in clients:
            each.start()
        for each in clients:
            each.join()
    return peak.bytes


def _rested(server: Server) -> int:
    time.sleep(BACK)
    resting(server.processor)
    return server.memory()[0]


if __name__ == "__main__":
    main()
