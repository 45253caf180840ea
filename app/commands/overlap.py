"""``thinklens overlap``: a dataset's prompts compared with the questions of a benchmark."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InvalidInput
from . import options
from .opening import asked, opened
from .settings import settings_of
from .word import with_word

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told
    from ..conversion.benchmark import Benchmark
    from ..search.dataset import Dataset
    from ..store.overlaps import Compared

    Counted = tuple[int, list[tuple[Compared, dict[str, int]]], list[str]]

LENGTH = 8  # words of an n-gram


@partial(with_word, without="column")
def overlap(
    path: options.OnePath,
    benchmark: Annotated[
        Path | None,
        typer.Argument(help="A benchmark: .parquet, .csv, .jsonl, or .txt with a question a line."),
    ] = None,
    name: Annotated[str, typer.Option(help="What the benchmark is called here.")] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(help="A column of the questions; of several each question has all."),
    ] = None,
    words: Annotated[int, typer.Option("--words", "-n", help="Words of an n-gram.")] = LENGTH,
    remove: Annotated[bool, typer.Option("--remove", help="Forget the benchmark NAME.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data_dir: options.DataDir = None,
    told: "Told | None" = None,
) -> None:
    """Compare prompts with a benchmark's questions; without BENCHMARK, tell what was compared."""
    if remove and (benchmark is not None or not name):
        raise InvalidInput("--remove takes --name NAME and no BENCHMARK")
    if benchmark is not None and not name:
        raise InvalidInput("say what the benchmark is called: --name NAME")
    read = _read(benchmark, column or ()) if benchmark is not None else None

    def ask(dataset: "Dataset") -> "Counted":
        from ..search import overlaps

        if remove:
            overlaps.remove(dataset, name)
        elif read is not None:
            overlaps.compare(dataset, name, read, words)
        told_of = [each for each in dataset.shards.overlaps if name in ("", each.compared.name)]
        counted = [(e.compared, overlaps.counts(dataset, e.compared)) for e in told_of]
        former = [each for each in overlaps.former(dataset) if name in ("", each)]
        if name and not (counted or former or remove):
            overlaps.overlap_of(dataset, name)  # which says that there is none
        return dataset.rows, counted, former

    with opened(settings_of(data_dir), [path], told) as library:
        _tell(*asked(library, ask), as_json, removed=remove)


def _read(path: Path, columns: list[str] | tuple[str, ...]) -> "Benchmark":
    """The questions of a file, before anything is indexed for them."""
    from ..conversion import benchmark

    return benchmark.read(path, columns)


def _tell(
    rows: int,
    found: "list[tuple[Compared, dict[str, int]]]",
    former: list[str],
    as_json: bool,
    removed: bool,
) -> None:
    """Print what a dataset of so many rows was compared with, and what it has to be compared with again."""
    if former:
        typer.echo(
            f"compare again with {', '.join(former)}: the dataset was another then, or what was found "
            "is damaged",
            err=True,
        )
    if as_json:
        import orjson

        said = {"total": rows, "benchmarks": [_json(*each) for each in found]}
        typer.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2))
        return
    for compared, counts in found:
        for line in _lines(compared, counts, rows):
            typer.echo(line)
    if not found and not former and not removed:
        typer.echo("it was compared with no benchmark yet", err=True)


def _lines(compared: "Compared", counts: dict[str, int], rows: int) -> Iterator[str]:
    """A benchmark, and how many rows each rule finds."""
    from ..search.request.contamination import PRESETS
    from .results import visible

    several = "s" * (compared.questions != 1)
    yield f"{compared.name}: {compared.questions:,} question{several} of {visible(compared.file)}"
    for each in PRESETS:
        filter_text = each.filter_of(compared.name)
        said = f"{counts[each.name]:,} of {rows:,}"
        yield f"  {each.words(compared.length):<31}  {said:>20}  {filter_text}"


def _json(compared: "Compared", counts: dict[str, int]) -> dict[str, object]:
    from ..store.overlaps import as_json

    return {**as_json(compared), "rows": counts}
