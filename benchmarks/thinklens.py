"""Thinklens as the measurements use it: the only module here that knows the program's inside.

The command line and HTTP stand for all that can be asked through them; searches without HTTP go
straight to a dataset.
"""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from app import __version__
from app.config import Settings
from app.conversations.source import Source, open_source
from app.errors import ThinklensError
from app.library import Library
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.search.shard.deadline import Deadline

from .figures import Took

VERSION = __version__
TEXTS = (".arrow", ".texts", ".blocks")  # files of an index that have the texts of its rows
Refused = ThinklensError  # what the program raises for what it cannot do


@dataclass(frozen=True)
class Answer:
    """What a search took, the rows in all, the first of them."""

    took: Took
    total: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Searcher:
    """A dataset with its index open in this process."""

    dataset: Dataset

    def search(self, q: str) -> Answer:
        """The first 25 rows by score, and the exact total; their texts are the page's affair."""
        start, before = time.perf_counter(), time.process_time()
        query = queries.parse([("q", q)], self.dataset.fields)
        deadline = Deadline(60.0)
        total = self.dataset.shards.count(query, deadline)
        rows = self.dataset.shards.page(query, deadline).rows.tolist()
        took = Took(time.perf_counter() - start, time.process_time() - before)
        return Answer(took, total, tuple(rows))


@contextmanager
def opened(data: Path, data_dir: Path) -> Iterator[Searcher]:
    """The dataset opened anew: what an earlier opening kept in memory is gone."""
    library = Library(Settings(data_dir=data_dir), [str(data)])
    library.prepare_all(lambda entry: None)
    try:
        yield Searcher(next(iter(library.entries.values())).ready())
    finally:
        library.close()


def source(data: Path) -> Source:
    """The files of a dataset as the program counts them."""
    return open_source(str(data))


def index_command(data: Path, data_dir: Path) -> list[str]:
    """The command that builds an index."""
    return [sys.executable, "-m", "app", "index", str(data), "--data-dir", str(data_dir)]


def serve_command(paths: list[Path], data_dir: Path, port: int) -> list[str]:
    """The command that serves datasets."""
    given = [*map(str, paths), "--port", str(port), "--data-dir", str(data_dir)]
    return [sys.executable, "-m", "app", "serve", *given, "--assets", "local"]


def index_bytes(data_dir: Path) -> tuple[int, int]:
    """Bytes of the indexes of a data directory: without texts, and the texts."""
    files = [file for file in data_dir.rglob("*") if file.is_file()]
    texts = [file for file in files if file.parent.name == "copies" or file.suffix in TEXTS]
    size = sum(file.stat().st_size for file in texts)
    return sum(file.stat().st_size for file in files) - size, size


def not_built(status: int, text: str) -> bool:
    """Whether an answer says that this part of the language, or of the index, is not there yet."""
    return status in (409, 422) and "not built yet" in text


def explorer(name: str, **parameters: str) -> str:
    """The address of an explorer page."""
    return _address(f"/datasets/{name}", parameters)


def overview(name: str, **parameters: str) -> str:
    """The address of an overview."""
    return _address(f"/datasets/{name}/overview", parameters)


def conversation(name: str, row: int) -> str:
    """The address of a conversation page."""
    return _address(f"/datasets/{name}/conversations/{row}", {})


def search(name: str, **parameters: str) -> str:
    """The address of a search as JSON; ``part`` is where bare words are looked for."""
    part = parameters.pop("part", "")
    return _address(
        f"/api/datasets/{name}/search", {**parameters, **({"in": part} if part else {})}
    )


def export(name: str) -> str:
    """The address of a whole export."""
    return _address(f"/api/datasets/{name}/export.jsonl", {})


def _address(path: str, parameters: dict[str, str]) -> str:
    return path + (f"?{urlencode(parameters)}" if parameters else "")


def rest(page: str) -> list[str]:
    """Addresses that a page asks for by itself once it is shown: its facets, where they come after."""
    tags = [tag for tag in re.findall(r"<[^>]*\bhx-get=[^>]*>", page) if _by_itself(tag)]
    found = [re.search(r'\bhx-get="([^"]*)"', tag) for tag in tags]
    return [unescape(each[1]) for each in found if each]


def _by_itself(tag: str) -> bool:
    trigger = re.search(r'\bhx-trigger="([^"]*)"', tag)
    return bool(trigger and re.match(r"(load|revealed|intersect)\b", trigger[1]))
