"""What Thinklens is measured beside: their environment, made on first use, and their processes.

An environment that cannot be made costs the columns of those systems, not the run.
"""

import json
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from . import processes
from .figures import Took
from .serving import Server, free_port, running
from .thinklens import Answer

PINNED = Path(__file__).with_name("references.txt")
WORKER = Path(__file__).with_name("worker.py")
SEARCHING = ("fts", "FTS5", "tantivy")  # those that search words
SETTINGS = {"facet_time_limit_ms": 60_000, "sql_time_limit_ms": 60_000}  # else it gives up


def environment(folder: Path) -> Path | str:
    """The references' Python, installed first where it is not there; or why it cannot be."""
    python = folder / "bin" / "python"
    stamp = folder / "installed.txt"
    if stamp.is_file() and stamp.read_text() == PINNED.read_text():
        return python
    try:
        venv.create(folder, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(PINNED)]
        subprocess.run(install, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or str(error)).strip().splitlines()[-1:]
        return f"the references could not be installed: {' '.join(said)[:200]}"
    except OSError as error:
        return f"the references could not be installed: {error}"
    stamp.write_text(PINNED.read_text())
    return python


@dataclass
class Built:
    """An index of another system. Sizes in bytes; ``facts`` is all that its builder told."""

    name: str
    took: Took
    peak: int
    bytes: int
    facts: dict[str, Any]


def build(name: str, python: Path, folder: Path, pattern: str) -> Built:
    """Build one, watched."""
    command = [str(python), str(WORKER), name, str(folder), "build", pattern]
    ran = processes.run(command)
    facts = json.loads(ran.output)
    took = Took(facts["seconds"], facts["processor"]) if "seconds" in facts else ran.took
    return Built(name, took, ran.peak, facts["bytes"], facts)


@dataclass
class Asked:
    """A system that was opened in a process of its own and waits for questions."""

    process: "subprocess.Popen[str]"

    def ask(self, **given: str) -> Answer:
        """Ask; what it took is told by the system itself, without the way there and back."""
        _pipe(self.process.stdin).write(json.dumps(given) + "\n")
        _pipe(self.process.stdin).flush()
        line = _pipe(self.process.stdout).readline()
        if not line:
            raise RuntimeError(f"a reference ended: {self.process.args!r}")
        told = json.loads(line)
        took = Took(told["seconds"], told["processor"])
        return Answer(took, told["total"], tuple(told["rows"]))


def _pipe(pipe: "IO[str] | None") -> "IO[str]":
    assert pipe is not None
    return pipe


@contextmanager
def asked(name: str, python: Path, folder: Path) -> Iterator[Asked]:
    """A system's process, as long as it is needed."""
    command = [str(python), str(WORKER), name, str(folder), "ask"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield Asked(process)
    finally:
        _pipe(process.stdin).close()
        process.wait(30)


@dataclass
class References:
    """All of them for one dataset: what was built, who can be asked, why something is missing."""

    folder: Path
    python: Path | None
    pattern: str
    built: dict[str, Built] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def build(self, names: Sequence[str] = (*SEARCHING, "scan")) -> None:
        """Build those of these names that can be; what fails is told, not raised."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            python = Path(sys.executable) if name == "scan" else self.python
            if python is None:
                continue
            try:
                self.built[name] = build(name, python, self.folder, self.pattern)
            except (RuntimeError, OSError, ValueError) as error:
                self.missing.append(f"{name} could not be built: {error}")

    @contextmanager
    def asked(self, names: Sequence[str]) -> Iterator[dict[str, Asked]]:
        """The processes of those that are there."""
        with ExitStack() as stack:
            yield {
                name: stack.enter_context(self._asked(name)) for name in names if name in self.built
            }

    @contextmanager
    def _asked(self, name: str) -> Iterator[Asked]:
        python = Path(sys.executable) if name == "scan" else self.python
        assert python is not None
        with asked(name, python, self.folder) as found:
            yield found

    @contextmanager
    def datasette(self) -> Iterator["Datasette | None"]:
        """Datasette over the file that FTS5 was built in; None where that is not there."""
        if self.python is None or "FTS5" not in self.built:
            yield None
            return
        port = free_port()
        command = [str(self.python), "-m", "datasette", "serve", "-i", str(self.folder / "main.db")]
        command += ["--host", "127.0.0.1", "--port", str(port)]
        for name, value in SETTINGS.items():
            command += ["--setting", name, str(value)]
        with running(command, port, "/-/versions.json") as server:
            yield Datasette(server, tuple(self.built["FTS5"].facts["facets"]))


@dataclass(frozen=True)
class Datasette:
    """Datasette, running, and the columns it is asked to count."""

    server: Server
    facets: tuple[str, ...]

    def search(self, q: str, facets: bool, suggest: bool = True) -> str:
        """The address of its search page of 25 rows."""
        from urllib.parse import urlencode

        pairs = [("_size", "25")] + ([("_search", q)] if q else [])
        pairs += [("_facet", name) for name in self.facets] if facets else []
        pairs += [] if suggest else [("_nosuggest", "1")]
        return f"/main/conversations?{urlencode(pairs)}"

    def row(self, row: int) -> str:
        """The address of its page of one row."""
        return f"/main/conversations/{row + 1}"
