"""The demonstration dataset: conversations written for this project, put into one Parquet file.

The texts stand in ``demo/*.toml``, one file a subject; only the very long conversation is computed
here. Knows where the texts are and the columns of the dataset; nothing of indexes, of the server,
or of what a reader will make of a trace that is malformed on purpose.
"""

import datetime
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import asset_dir

if TYPE_CHECKING:
    import pyarrow as pa

# Dealt out in turn, so that the first page of a list holds something of everything.
SUBJECTS = ("mathematics", "code", "science", "everyday", "languages", "writing", "multi_turn")
# What shows how the program copes comes after what shows what it is for.
TRIALS = ("malformed", "hostile")

ROW_GROUP = 25
LIMIT = 2000  # the long conversation works through every number below this one

_NO_METADATA = dict.fromkeys(
    ("complete", "model", "topic", "language", "difficulty", "tags", "sampling", "created")
)
_NO_SAMPLING = dict.fromkeys(("temperature", "max_tokens"))
_ROLES = ("user", "assistant")


def conversations() -> list[dict[str, object]]:
    """All rows of the dataset in their final order, as plain values, a column a key."""
    rounds = zip_longest(*(_read(name) for name in SUBJECTS))
    mixed = [entry for entry in chain.from_iterable(rounds) if entry is not None]
    return [_row(entry) for entry in chain(mixed, [_long_entry()], *map(_read, TRIALS))]


def write(path: Path) -> None:
    """Write the dataset to ``path`` as Parquet. The same texts give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist(conversations(), schema=_schema())
    pq.write_table(table, path, row_group_size=ROW_GROUP, compression="zstd")


def _schema() -> "pa.Schema":
    import pyarrow as pa

    message = pa.struct([("role", pa.string()), ("content", pa.string())])
    sampling = pa.struct([("temperature", pa.float64()), ("max_tokens", pa.int64())])
    metadata = pa.struct(
        [
            ("complete", pa.bool_()),
            ("model", pa.string()),
            ("topic", pa.string()),
            ("language", pa.string()),
            ("difficulty", pa.int64()),
            ("tags", pa.list_(pa.string())),
            ("sampling", sampling),
            ("created", pa.date32()),
        ]
    )
    texts = [(name, pa.string()) for name in ("conversation_id", "prompt", "response")]
    return pa.schema([*texts, ("messages", pa.list_(message)), ("metadata", metadata)])


def _read(name: str) -> list[dict[str, Any]]:
    """The entries of one TOML file in the order they stand there."""
    text = (asset_dir("demo") / f"{name}.toml").read_text("utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["conversation"]
    return entries


def _row(entry: Mapping[str, Any]) -> dict[str, object]:
    """A row: an entry gives its prompt and response, or the messages that hold them."""
    messages = entry.get("messages") or [
        {"role": "user", "content": entry["prompt"]},
        {"role": "assistant", "content": entry["response"]},
    ]
    said = {role: [m["content"] for m in messages if m["role"] == role] for role in _ROLES}
    return {
        "conversation_id": hashlib.blake2b(entry["slug"].encode(), digest_size=16).hexdigest(),
        "prompt": said["user"][0],
        "response": said["assistant"][-1],
        "messages": messages,
        "metadata": _metadata(entry["metadata"]),
    }


def _metadata(given: Mapping[str, Any]) -> dict[str, object]:
    """The metadata with every key, None where the entry says nothing of it.

    A key that the schema does not have stays, so that a test can find it: Arrow would drop it.
    """
    sampling = given.get("sampling")
    full = None if sampling is None else {**_NO_SAMPLING, **sampling}
    return {**_NO_METADATA, **given, "sampling": full}


# The very long conversation: the Collatz rule, worked through number by number.


def _long_entry() -> dict[str, Any]:
    counts = _step_counts()
    return {
        "slug": "collatz-number-by-number",
        "prompt": f"Under the Collatz rule (halve an even number, triple an odd one and add 1), "
        f"which starting number below {LIMIT:,} takes the most steps to reach 1? "
        "Please do not quote the result from memory: work through every single number.",
        "response": f"<think>\n{_long_trace(counts)}\n</think>\n\n{_long_answer(counts)}",
        "metadata": {
            "complete": True,
            "model": "tutor-r1",
            "topic": "mathematics",
            "language": "en",
            "difficulty": 3,
            "tags": ["number theory", "collatz", "very long"],
            "sampling": {"temperature": 0.6, "max_tokens": 262_144},
            "created": datetime.date(2025, 3, 14),
        },
    }


def _next(number: int) -> int:
    return 3 * number + 1 if number % 2 else number // 2


def _descent(start: int) -> list[int]:
    """The numbers after ``start`` up to the first that is smaller, and so already known."""
    numbers = [_next(start)]
    while numbers[-1] >= start:
        numbers.append(_next(numbers[-1]))
    return numbers


def _step_counts() -> list[int]:
    """How many steps each number below LIMIT takes to reach 1, the first is not used."""
    counts = [0, 0]
    for start in range(2, LIMIT):
        descent = _descent(start)
        counts.append(len(descent) + counts[descent[-1]])
    return counts


def _records(counts: list[int]) -> list[int]:
    """The numbers that take longer than all before them."""
    return [n for n in range(2, len(counts)) if counts[n] > max(counts[:n])]


def _long_trace(counts: list[int]) -> str:
    winner = _records(counts)[-1]
    return "\n\n".join(
        [
            f"The user wants every number below {LIMIT:,} worked through, so let me set this up "
            "in a way that does not repeat itself.",
            "The rule is \\( n \\mapsto n/2 \\) for even \\( n \\) and \\( n \\mapsto 3n + 1 \\) "
            "for odd \\( n \\). If I go upwards from 2 and keep each count, I can stop as soon as "
            "a path falls below its own start, because from there the count is already known.",
            "Wait, is that safe? Only if each path does fall below its start at some point. That "
            "is exactly what nobody has proved in general, but for these numbers I will see it "
            "happen, one by one. And 1 itself needs 0 steps. Good, let me begin.",
            *_paragraphs(counts),
            "That was the last one. Before I answer, let me check the winner in another way: the "
            "count may not depend on where I chose to stop. Following it all the way down to 1 "
            f"without any shortcut gives {len(_path(winner)) - 1} steps again. Good.",
        ]
    )


def _paragraphs(counts: list[int]) -> Iterator[str]:
    """One paragraph a number, and a look back after every hundred."""
    best = 2
    for start in range(2, LIMIT):
        if start % 100 == 0:
            yield _look_back(start, best, counts[best])
        yield _walk(start, counts)
        if start > 2 and counts[start] > counts[best]:
            yield f"Wait, {counts[start]} is more than the {counts[best]} of {best}. A new record!"
            best = start


def _look_back(start: int, best: int, steps: int) -> str:
    openings = ("Let me pause here.", "Another hundred done.", "So far, so good.")
    opening = _pick(openings, start // 100)
    return (
        f"**From {start} on.** {opening} The longest way so far is that of {best}, with {steps} "
        "steps, and every path has come down below its start."
    )


def _walk(start: int, counts: list[int]) -> str:
    """One number's way down, in words."""
    *way, last = _descent(start)
    opening = _pick(("Now {}.", "Next, {}.", "On to {}.", "What about {}?", "Then {}."), start)
    opening = opening.format(start)
    if not way:
        return f"{opening} Even: half is {last}, {_known(last, counts)}. In all {counts[start]}."
    moves = "; ".join(_move(start, place, way) for place in range(1, len(way)))
    return (
        f"{opening} It is odd, so up to {way[0]}; {moves}; and then {last}, which is below {start} "
        f"and {_known(last, counts)}. That makes {len(way) + 1} + {counts[last]} = {counts[start]}."
    )


def _known(number: int, counts: list[int]) -> str:
    return "the end" if number == 1 else f"known to need {counts[number]}"


_TRIPLED = ("{} is odd, up to {}", "{} is odd again, so {}", "3 times {} plus 1 is {}")
_HALVED = ("half of that is {}", "halve to {}", "down to {}", "half again, {}")


def _move(start: int, place: int, way: list[int]) -> str:
    """One step in words that change from step to step, the same for the same number."""
    before, after = way[place - 1], way[place]
    if before % 2:
        return _pick(_TRIPLED, start + place).format(before, after)
    return _pick(_HALVED, start + place).format(after)


def _pick(phrases: tuple[str, ...], number: int) -> str:
    return phrases[number % len(phrases)]


def _path(number: int) -> list[int]:
    """All numbers from this one down to 1, without the shortcut."""
    numbers = [number]
    while numbers[-1] != 1:
        numbers.append(_next(numbers[-1]))
    return numbers


def _long_answer(counts: list[int]) -> str:
    records = _records(counts)
    best = records[-1]
    rows = "\n".join(f"| {n} | {counts[n]} |" for n in records)
    return (
        f"**{best}** takes the most steps: {counts[best]}, with {max(_path(best)):,} as the highest "
        f"number on its way.\n\nEach of these took longer than every number before it:\n\n"
        f"| start | steps to 1 |\n|---:|---:|\n{rows}\n\n"
        f"Every number below {LIMIT:,} reached 1, on average in "
        f"{sum(counts) / (LIMIT - 1):.1f} steps. That all numbers do so is the Collatz conjecture, "
        "which is still unproved."
    )
