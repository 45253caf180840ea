"""What each signal costs in the build: seconds of one core, measured on real rows.

    python -m benchmarks.signals DATA [--rows 30000]

Reads chunks of rows as the build does, spread over DATA, and computes each signal alone in this one
process. Prints a Markdown table: seconds as measured, the same for all rows of DATA, milliseconds for
the one row with the longest response, and for the first call of all. Signals that share their work
(``doubts`` and what else counts marks, ``languages_differ``) are measured once.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.conversations.model import Conversation
from app.conversations.same import hashes
from app.conversations.signals.signal import Batch, Counted, counted
from app.conversations.signals.table import BY_NAME, compute
from app.conversations.source import open_source
from app.index.chunks import plan

Many = Sequence[Conversation]


def alone(name: str) -> Callable[[Many], object]:
    """A signal with all that it is made of, which the build makes once for several."""

    def values(many: Many) -> object:
        return list(BY_NAME[name].values(Batch(many, NO_COUNTS, [None] * len(many))))

    return values


def everything(many: Many) -> object:
    return compute(Batch(many, counted(many), [None] * len(many)))


NO_COUNTS = Counted((), (), ())
MEASURED = (
    "repetition",
    "circles",
    "most_repeated",
    "compression",
    "doubts",
    "first_result_at",
    "result_disagrees",
    "answer_cut",
    "boxed",
    "refusal",
    "identity",
    "cutoff",
    "odd_chat",
    "language",
    "reasoning_language",
    "answer_language",
    "foreign_script",
    "has_code",
    "has_math",
)

COSTS: dict[str, Callable[[Many], object]] = {
    **{f"`{name}`": alone(name) for name in MEASURED},
    "hashes of copies": hashes,
    "words counted": counted,
    "all signals": everything,
}


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, default=30_000)
    options = parser.parse_args()
    source = open_source(str(options.data))
    chunks = plan(source.files)
    chunks = chunks[:: max(1, round(source.rows / options.rows))]
    seconds = dict.fromkeys(COSTS, 0.0)
    first: dict[str, float] = {}
    rows, words, longest = 0, 0, Conversation(())
    for chunk in chunks:
        layout = chunk.file.layout
        table = chunk.file.read(chunk.start, chunk.stop, layout.reading(repeats=True))
        many = [layout.conversation(record) for record in table.to_pylist()]
        many = [*many, longest]
        longest = max(many, key=lambda c: len(c.response.content) if c.response else 0)
        for name, cost in COSTS.items():
            first.setdefault(name, taken(cost, [prepared(many[0])]))
        for conversation in many:
            prepared(conversation)
        rows += chunk.stop - chunk.start
        words += sum(sum(each) for each in vars(counted(many[:-1])).values())
        for name, cost in COSTS.items():
            seconds[name] += taken(cost, many)
    size = len(longest.response.content) if longest.response else 0
    print(
        f"{rows:,} of {source.rows:,} rows, {words:,} words, longest response {size:,} characters\n"
    )
    print("| signal | seconds | of all rows | longest row | first call |\n|---|---|---|---|---|")
    for name, cost in COSTS.items():
        alone = min(taken(cost, [longest]) for _ in range(5)) * 1000
        print(
            f"| {name} | {seconds[name]:.2f} | {seconds[name] * source.rows / rows:.1f} "
            f"| {alone:.1f} ms | {first[name] * 1000:.0f} ms |"
        )


def prepared(conversation: Conversation) -> Conversation:
    """With its texts split, which the build does anyway."""
    conversation.texts  # noqa: B018
    return conversation


def taken(cost: Callable[[Many], object], many: Many) -> float:
    """Seconds of this process."""
    start = time.process_time()
    cost(many)
    return time.process_time() - start


if __name__ == "__main__":
    main()
