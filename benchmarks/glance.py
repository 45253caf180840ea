"""The overview over HTTP: of all rows, and of selections, each asked for the first time.

Each round starts the server anew; figures of all rows are made behind its start, as the first facets are.
"""

from collections.abc import Iterator

from . import reaches, thinklens
from .figures import Line, Took, times
from .run import Run
from .serving import served

SELECTIONS = (  # some of the rows, most of them, few, none
    "reasoning_words:>200",
    "repetition:>=0.1",
    "answer_words:<100",
    "-has_math:true",
    "language:en",
    "refusal:true",
    "trace:unclosed",
    "prompt_words:20..40",
    "reasoning_share:>0.9",
    "has_code:true",
)


def seen(run: Run) -> Iterator[Line]:
    """A line of all rows, one of selections, one of a field."""
    every: list[Took] = []
    some: list[Took] = []
    by: list[Took] = []
    for _ in range(run.rounds):
        with served([run.data], run.data_dir) as server:
            server.page(thinklens.explorer(run.name))
            every.append(server.took(thinklens.overview(run.name)))
            for each in SELECTIONS:
                some.append(server.took(thinklens.overview(run.name, filter=each)))
            by.append(server.took(thinklens.overview(run.name, by="language")))
    yield Line("overview page, all rows", times(every), {}, reaches.OVERVIEW)
    yield Line(
        f"overview page, {len(SELECTIONS)} selections", times(some), {}, reaches.OVERVIEW_OF_SOME
    )
    yield Line("overview page, all rows by another field", times(by), {}, reaches.OVERVIEW_OF_SOME)
