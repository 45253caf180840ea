"""One run: what is measured, where it writes, how often it asks, what was picked to ask for."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from . import processes, rows, thinklens
from .picks import Picks, phrase_picks, word_picks
from .references import References

SAMPLE = 50_000  # prompts that words are picked from
TRACES = 3_000  # and responses that phrases of the reasoning are picked from


@dataclass
class Run:
    """``rounds`` is how often each thing is asked, ``seconds`` how long the clients go on."""

    data: Path
    work: Path
    references: References
    rounds: int = 5
    seconds: float = 20.0
    built: processes.Ran | None = None  # the index, once it is there

    @cached_property
    def rows(self) -> int:
        return thinklens.source(self.data).rows

    @cached_property
    def name(self) -> str:
        return thinklens.source(self.data).name

    @property
    def data_dir(self) -> Path:
        return self.work / "index"

    @property
    def single(self) -> Path:
        """The file of one single row group."""
        return self.work / "single.parquet"

    @property
    def single_data_dir(self) -> Path:
        return self.work / "single-index"

    @cached_property
    def prompts(self) -> list[str]:
        return rows.texts(self.data, "prompt", SAMPLE)

    @cached_property
    def words(self) -> list[Picks]:
        return [picks for picks in word_picks(self.prompts) if picks.queries]

    @cached_property
    def reasoning_phrases(self) -> list[Picks]:
        return phrase_picks(rows.reasoning(rows.texts(self.data, "response", TRACES)))

    @cached_property
    def phrases(self) -> list[Picks]:
        return phrase_picks(self.prompts[:TRACES])

    def word(self, kind: str) -> str:
        """The first word of a class; the most frequent one where the data has none of it."""
        found = {picks.kind: picks.queries for picks in self.words if picks.queries}
        return found.get(kind, found["most frequent"])[0]

    def warming(self) -> list[str]:
        """Words that are asked for before anything is measured, and never measured."""
        measured = {
            word for picks in self.words for query in picks.queries for word in query.split()
        }
        found = word_picks(self.prompts, each=6, seed=1)
        return [q for picks in found for q in picks.queries if not measured & set(q.split())]

    def chosen(self, count: int, below: int | None = None) -> list[int]:
        """Rows picked at random, the same ones every time."""
        among = min(self.rows, below or self.rows)
        return Random(7).sample(range(among), min(count, among))
