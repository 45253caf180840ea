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
    from ..search.dataset import Dataset
    from ..store.overlaps import Compared

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
    words: Annotated[int, typer.Option(help="Words of an n-gram.")] = LENGTH,
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
    settings = settings_of(data_dir)

    def ask(dataset: "Dataset") -> "list[tuple[Compared, dict[str, int]]]":
        from ..search import overlaps

        if remove:
            overlaps.remove(dataset, name)
        elif benchmark is not None:
            overlaps.compare(dataset, name, read, words)
        return [
            (each.compared, overlaps.counts(dataset, each.compared))
            for each in dataset.shards.overlaps
            if name in ("", each.compared.name)
        ]

    if benchmark is not None:
        from ..conversion import benchmark as benchmarks

        read = benchmarks.read(benchmark, column or ())
    with opened(settings, [path], told) as library:
        found = asked(library, ask)
        rows = next(iter(library.entries.values())).whole().rows
    if as_json:
        import orjson

        said = {"total": rows, "benchmarks": [_json(*each) for each in found]}
        typer.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2))
        return
    for compared, counts in found:
        for line in _lines(compared, counts, rows):
            typer.echo(line)
    if not found and not remove:
        typer.echo("it was compared with no benchmark yet", err=True)


def _lines(compared: "Compared", counts: dict[str, int], rows: int) -> Iterator[str]:
    """A benchmark, and how many rows each rule finds."""
    from ..search.request.contamination import PRESETS
    from .results import visible

    yield f"{compared.name}: {compared.questions:,} questions of {visible(compared.file)}"
    for each in PRESETS:
        filter_text = each.filter_of(compared.name)
        said = f"{counts[each.name]:,} of {rows:,}"
        yield f"  {each.words(compared.length):<31}  {said:>20}  {filter_text}"


def _json(compared: "Compared", counts: dict[str, int]) -> dict[str, object]:
    from ..store.overlaps import as_json

    return {**as_json(compared), "rows": counts}
