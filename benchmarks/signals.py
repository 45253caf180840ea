"""What each signal costs in the build: seconds of one core, measured on real rows.

    python -m benchmarks.signals DATA [--rows 30000]

Reads chunks of rows as the build does, spread over DATA, and computes each signal alone in this one
process. Prints a Markdown table: seconds as measured, the same for all rows of DATA, milliseconds for
the one row with the longest response, and for the first call of all.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.conversations.model import ANSWER, PROMPT, REASONING, Conversation
from app.conversations.same import hashes
from app.conversations.signals.languages import languages
from app.conversations.signals.notation import has_code, has_math
from app.conversations.signals.refusals import is_refusal
from app.conversations.signals.repetition import shares
from app.conversations.signals.signal import Batch, counted
from app.conversations.signals.table import compute
from app.conversations.source import open_source
from app.index.chunks import plan

Many = Sequence[Conversation]


def repetition(many: Many) -> object:
    return shares([c.texts[REASONING] or c.texts[ANSWER] for c in many])


def refusal(many: Many) -> object:
    return [is_refusal(c.response.split.answer) for c in many if c.response]


def language(many: Many) -> object:
    return list(languages([c.prompt for c in many]))


def code(many: Many) -> object:
    return [has_code(c.texts.values(), (c.texts[PROMPT], c.texts[ANSWER])) for c in many]


def mathematics(many: Many) -> object:
    return [has_math(c.texts.values()) for c in many]


def everything(many: Many) -> object:
    return compute(Batch(many, counted(many), [None] * len(many)))


COSTS: dict[str, Callable[[Many], object]] = {
    "`repetition`": repetition,
    "`refusal`": refusal,
    "`language`": language,
    "`has_code`": code,
    "`has_math`": mathematics,
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
    rows, longest = 0, Conversation(())
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
        for name, cost in COSTS.items():
            seconds[name] += taken(cost, many)
    size = len(longest.response.content) if longest.response else 0
    print(f"{rows:,} of {source.rows:,} rows, longest response {size:,} characters\n")
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
