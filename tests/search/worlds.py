"""Rows made so that every field and every part of them is known, with its kind, by construction (but
for the signals of meaning, which are taken as the program has them)."""

import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from app.conversations.formats.table import detect
from app.conversations.signals.signal import Batch, counted
from app.conversations.signals.table import SIGNALS, compute

from .brute import norm, words
from .generated import some_text

CARD = detect(pa.schema([("prompt", pa.string()), ("response", pa.string())])).conversation
TURNS = detect(pa.schema([("messages", pa.string())])).conversation


@dataclass
class Column:
    """A field as the specification sees it: its kind and a value a row. Where numbers are of a short
    type of floats, values are what their shortest digits say."""

    kind: str
    values: list[Any]
    short: type[np.floating[Any]] | None = None

    def rounded(self, number: Any) -> Any:
        """A number that is typed, as the field's type has it."""
        return number if self.short is None else float(str(self.short(number)))


@dataclass
class World:
    """Rows as an Arrow table in some layout, and all that is known of them."""

    tables: list[pa.Table]
    prompts: list[str]
    ids: list[str | None]
    parts: dict[str, list[str]]
    columns: dict[str, Column]
    group: int = 7

    def __post_init__(self) -> None:
        self.columns |= copies(self.parts, roles(self.tables))

    @property
    def rows(self) -> int:
        return len(self.prompts)


FLOAT32, FLOAT16 = np.float32, np.float16

KINDS_OF_TEXT = (
    "null", "NULL", "", '"', '""', '"quoted"', 'say "hi"', "a..b", ">5", ">=5", "<1", "-x", "true",
    "a:b", " padded ", "привет", "你好", "Z", "a", "é", "e\u0301", "\U0001f600", "\ufffd", "tab\there",
    "\x1b[31m", "'; drop table conversations; --", "line\nfeed", "%", "_", "\\", "$v0", "{}", "[]",
    "don\u2019t", "\u0130z", "x\u2011y", "a\u00adb", "\u00ad",
)  # fmt: skip
RESPONSES = (
    ("complete", "<think>\n{r}\n</think>\n\n{a}", 1, 1),
    ("unclosed", "<think>\n{r}", 1, 0),
    ("unopened", "{r}\n</think>\n\n{a}", 1, 1),
    ("empty", "<think>\n\n</think>\n\n{a}", 0, 1),
    ("none", "{a}", 0, 1),
)


# Signals that follow from how a row was made; the worlds work these out by themselves.
FOLLOWING = {
    "turns", "trace", "prompt_words", "reasoning_words", "answer_words", "reasoning_share",
    "flag_disagrees",
}  # fmt: skip


def conversation_columns(
    rng: random.Random, rows: int
) -> tuple[dict[str, list[Any]], dict[str, Column], dict[str, list[str]]]:
    """Prompts and responses, the signals that follow from how they were made, the parts' texts."""
    prompts = [some_text(rng, 10) for _ in range(rows)]
    for row in range(rows):
        if rng.random() < 0.15:
            prompts[row] = prompts[rng.randrange(rows)]
        if rng.random() < 0.05:
            prompts[row] = ""
    texts: dict[str, list[Any]] = {"prompt": prompts, "response": []}
    parts: dict[str, list[str]] = {
        "prompt": [prompt * bool(prompt.strip()) for prompt in prompts],
        "reasoning": [],
        "answer": [],
    }
    traces = []
    for _ in range(rows):
        trace, template, has_reasoning, has_answer = rng.choice(RESPONSES)
        reasoning, answer = some_text(rng, 18) + " r", some_text(rng, 10) + " a"
        texts["response"].append(template.format(r=reasoning, a=answer))
        parts["reasoning"].append(reasoning.strip() * has_reasoning)
        parts["answer"].append(answer.strip() * has_answer)
        traces.append(trace)
    columns = {"turns": Column("integer", [1] * rows), "trace": Column("text", traces)}
    return texts, {**columns, **counts_of_words(parts), **signals_of_meaning(texts)}, parts


def roles(tables: Sequence[pa.Table]) -> list[str]:
    """Who speaks in each row, as the program reads it."""
    read = TURNS if "messages" in tables[0].column_names else CARD
    rows = [row for table in tables for row in table.to_pylist()]
    return [" ".join(message.role for message in read(row).messages) for row in rows]


def copies(parts: dict[str, list[str]], spoken: list[str]) -> dict[str, Column]:
    """Which rows are copies, and which nearly."""
    plain = {
        part: [" ".join(norm(text).split()) for text in texts] for part, texts in parts.items()
    }
    wholes = list(zip(spoken, *plain.values(), strict=True))
    prompts = [text or row for row, text in enumerate(plain["prompt"])]  # without one: alone
    responses = list(zip(plain["reasoning"], plain["answer"], strict=True))
    runs = {
        part: [shingles(text, 3 if part == "prompt" else 5) for text in parts[part]]
        for part in parts
    }
    both = [one | two for one, two in zip(runs["reasoning"], runs["answer"], strict=True)]
    found = {
        **{f"prompt_{name}": values for name, values in same(prompts).items()},
        **{f"conversation_{name}": values for name, values in same(wholes).items()},
        "near_prompt": near(plain["prompt"], runs["prompt"]),
        "near_response": near([each if any(each) else "" for each in responses], both),
    }
    return {name: Column("integer", values) for name, values in found.items()}


def same(texts: list[Any]) -> dict[str, list[Any]]:
    return {
        "copies": [texts.count(text) for text in texts],
        "group": [texts.index(text) for text in texts],
    }


def shingles(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {
        tuple(found[at : at + length])
        for at in range(max(len(found) - length + 1, min(len(found), 1)))
    }


def near(texts: Sequence[Any], runs: list[set[tuple[str, ...]]]) -> list[int | None]:
    """The first row of each row's group: rows that are alike belong together, also by way of others; then
    each goes to the one of the firsts before it that it is most like, if it is so at all."""
    rows = range(len(texts))

    def share(one: int, two: int) -> float:
        either = len(runs[one] | runs[two])
        if texts[one] == texts[two]:
            return float(bool(texts[one]))
        return len(runs[one] & runs[two]) / either if either else 0.0

    joined = list(rows)
    for one in rows:
        for two in range(one):
            if share(one, two) >= 0.7 and joined[one] != joined[two]:
                old, new = max(joined[one], joined[two]), min(joined[one], joined[two])
                joined = [new if each == old else each for each in joined]
    firsts: list[int] = []
    for row in rows:
        own = {first: share(first, row) for first in firsts if joined[first] == joined[row]}
        best = min(own, key=lambda first: (-own[first], first), default=row)
        firsts.append(best if own.get(best, 0.0) >= 0.7 else row)
    return [first if firsts.count(first) > 1 else None for first in firsts]


def counts_of_words(parts: dict[str, list[str]]) -> dict[str, Column]:
    counts = {part: [len(words(text)) for text in texts] for part, texts in parts.items()}
    both = list(zip(counts["reasoning"], counts["answer"], strict=True))
    return {
        **{f"{part}_words": Column("integer", numbers) for part, numbers in counts.items()},
        "reasoning_share": Column("number", [r / (r + a) if r + a else None for r, a in both]),
    }


def signals_of_meaning(texts: dict[str, list[Any]]) -> dict[str, Column]:
    """Those whose rules have tests of their own: here it matters how they are kept and asked."""
    rows = [dict(zip(texts, values, strict=True)) for values in zip(*texts.values(), strict=True)]
    read = TURNS if "messages" in texts else CARD
    many = [read(row) for row in rows]
    found = compute(Batch(many, counted(many), [None] * len(many)))
    return {
        each.name: Column(each.kind, found[each.name].to_pylist())
        for each in SIGNALS
        if each.name in found and each.name not in FOLLOWING
    }


def disagreement(flags: Sequence[bool | None], responses: Sequence[str]) -> Column:
    found = [
        None if flag is None else flag != ("</think>" in text)
        for flag, text in zip(flags, responses, strict=True)
    ]
    return Column("boolean", found)


def picked(rng: random.Random, rows: int, *choices: Any, nulls: float = 0.2) -> list[Any]:
    return [None if rng.random() < nulls else rng.choice(choices) for _ in range(rows)]


def metadata_columns(rng: random.Random, rows: int) -> dict[str, tuple[pa.DataType, Column]]:
    """Leaves of the metadata struct by key (a nested one with its path), typed."""
    special = (math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1e300, 0.1, 2.5, -7.25)
    wide = (2**53, 2**53 + 1, 2**62, -(2**62), 0, 7)
    day = date(2024, 2, 27)
    days = [day + timedelta(days=n) for n in range(5)]
    start = datetime(2023, 12, 31, 23, 59, 59)
    moments = [start + timedelta(seconds=s) for s in (0, 1, 1.5, 86_400, 40_000_000)]
    lists: tuple[list[str | None], ...] = (
        [],
        ["a"],
        ["a", "b", "a"],
        ["null"],
        ["x:y", ""],
        [None],
        ["b", None],
    )
    short = (
        0.1,
        0.3,
        0.7,
        -0.1,
        1e-45,
        3.4028235e38,
        -3.4028235e38,
        16777216.0,
        0.0,
        math.nan,
        math.inf,
    )
    half = (0.1, 0.3, 65500.0, -65500.0, 6e-08, 2048.0, 1.001, -math.inf)
    unsigned = (0, 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 2, 2**64 - 1)
    signed = (-(2**63), -(2**63) + 1, -(2**53) - 1, 0, 2**63 - 2, 2**63 - 1)
    huge = [
        Decimal(digits)
        for digits in (f"{'9' * 36}.99", f"-{'9' * 36}.99", "0.01", f"{'1' * 30}.10")
    ]
    columns: dict[str, tuple[pa.DataType, Column]] = {
        "short": (pa.float32(), Column("number", picked(rng, rows, *short), FLOAT32)),
        "half": (pa.float16(), Column("number", picked(rng, rows, *half), FLOAT16)),
        "near": (
            pa.float32(),
            Column("number", [rng.choice((0.1, 0.10000001)) for _ in range(rows)], FLOAT32),
        ),
        "one": (pa.float16(), Column("number", [65500.0] * rows, FLOAT16)),
        "unsigned": (pa.uint64(), Column("integer", picked(rng, rows, *unsigned))),
        "signed": (pa.int64(), Column("integer", picked(rng, rows, *signed))),
        "top": (pa.uint64(), Column("integer", [2**64 - 1] * rows)),
        "byte": (pa.uint8(), Column("integer", picked(rng, rows, 250, 254, 255))),
        "bottom": (pa.int8(), Column("integer", picked(rng, rows, -128, -127, 127))),
        "huge": (pa.decimal128(38, 2), Column("number", picked(rng, rows, *huge))),
        "shorts": (
            pa.list_(pa.float32()),
            Column("list", picked(rng, rows, [0.1, 0.3], [0.3], []), FLOAT32),
        ),
        "wides": (
            pa.list_(pa.uint64()),
            Column("list", picked(rng, rows, [2**64 - 1, 3], [2**63], [9, 10])),
        ),
        "doubles": (
            pa.list_(pa.float64()),
            Column("list", picked(rng, rows, [math.nan, 0.1], [math.inf], [0.1, -0.5], [])),
        ),
        "is_complete": (pa.bool_(), Column("boolean", picked(rng, rows, True, False))),
        "n": (pa.int64(), Column("integer", picked(rng, rows, *range(-3, 9), 1_000))),
        "wide": (pa.int64(), Column("integer", picked(rng, rows, *wide))),
        "same": (pa.int64(), Column("integer", [1_234_567_890_123_457] * rows)),
        "x": (pa.float64(), Column("number", picked(rng, rows, *special))),
        "unit": (pa.float64(), Column("number", [rng.random() for _ in range(rows)])),
        "price": (
            pa.decimal128(10, 2),
            Column(
                "number", picked(rng, rows, Decimal("0.10"), Decimal("-3.25"), Decimal("12345.67"))
            ),
        ),
        "day": (pa.date32(), Column("date", picked(rng, rows, *days))),
        "at": (pa.timestamp("us"), Column("date", picked(rng, rows, *moments))),
        "zoned": (pa.timestamp("us", "Europe/Berlin"), Column("date", picked(rng, rows, *moments))),
        "kind": (pa.string(), Column("text", picked(rng, rows, *KINDS_OF_TEXT))),
        "tags": (pa.list_(pa.string()), Column("list", picked(rng, rows, *lists))),
        "levels": (
            pa.list_(pa.int64()),
            Column("list", picked(rng, rows, [1, 2], [2], [], [3, 3])),
        ),
        "a.b": (pa.int64(), Column("integer", picked(rng, rows, 1, 2, 3))),
        "c:d": (pa.string(), Column("text", picked(rng, rows, "one", "two"))),
        "e f": (pa.string(), Column("text", picked(rng, rows, "one", "two"))),
        'q"t': (pa.string(), Column("text", picked(rng, rows, "one", "two"))),
        "nothing": (pa.string(), Column("text", [None] * rows)),
        "long": (pa.string(), Column("text", picked(rng, rows, "l" * 201, "m" * 300, "short"))),
    }
    return columns


def key_name(key: str) -> str:
    plain = not any(char in key for char in '.: "')
    return f"metadata.{key}" if plain else 'metadata."' + key.replace('"', '""') + '"'


def arrow(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(kind) and kind.tz:
        values = [None if value is None else value.replace(tzinfo=UTC) for value in values]
    if pa.types.is_float16(kind):
        values = [None if value is None else np.float16(value) for value in values]
    return pa.array(values, kind)


def struct_world(rng: random.Random, rows: int) -> World:
    """Metadata as a typed struct with a nested one, and columns beside it."""
    texts, columns, parts = conversation_columns(rng, rows)
    made = metadata_columns(rng, rows)
    deep = picked(rng, rows, 1, 2)
    nested = pa.StructArray.from_arrays([pa.array(deep, pa.int64())], ["deep"])
    names = [*made, "nested"]
    metadata = pa.StructArray.from_arrays(
        [*(arrow(column.values, kind) for kind, column in made.values()), nested], names
    )
    turns = picked(rng, rows, "few", "many")  # a column that is called like a signal
    ids = picked(rng, rows, *(f"id:{n}" for n in range(rows)), nulls=0.1)
    table = pa.table(
        {
            "conversation_id": pa.array(ids, pa.string()),
            **{name: pa.array(values, pa.string()) for name, values in texts.items()},
            "metadata": metadata,
            "turns": pa.array(turns, pa.string()),
        }
    )
    columns |= {key_name(key): column for key, (_, column) in made.items()}
    columns["metadata.nested.deep"] = Column("integer", deep)
    columns["source.turns"] = Column("text", turns)
    columns["flag_disagrees"] = disagreement(made["is_complete"][1].values, texts["response"])
    cut = rng.randint(0, rows)
    tables = [part for part in (table.slice(0, cut), table.slice(cut)) if len(part)]
    return World(tables, texts["prompt"], ids, parts, columns)


def json_world(rng: random.Random, rows: int) -> World:
    """Metadata as JSON text, some of which does not parse; several files."""
    texts, columns, parts = conversation_columns(rng, rows)
    leaves = {
        "complete": Column("boolean", picked(rng, rows, True, False)),
        "n": Column("integer", picked(rng, rows, 1, 2, 30)),
        "x": Column("number", picked(rng, rows, 0.5, 1.25, -2.75)),
        "hash": Column("integer", picked(rng, rows, 2**64 - 1, 2**63, 2**53 + 1, 0)),
        "kind": Column("text", picked(rng, rows, *KINDS_OF_TEXT)),
        "tags": Column("list", picked(rng, rows, ["a"], ["a", "b"], ["ü", "a b"])),
    }
    for column in leaves.values():  # types are told from rows: the first has all of them
        column.values[0] = next((v for v in column.values if v is not None), None)
    written: list[str | None] = []
    for row in range(rows):
        value = {key: column.values[row] for key, column in leaves.items()}
        text: str | None = json.dumps(value, ensure_ascii=rng.random() < 0.5)
        if row % 7 == 6 and rng.random() < 0.6:
            text = rng.choice([None, "{broken", "[1]", "7"])
            for column in leaves.values():
                column.values[row] = None
        written.append(text)
    ids = [f"j{row}" for row in range(rows)]
    table = pa.table(
        {
            "conversation_id": pa.array(ids, pa.string()),
            **{name: pa.array(values, pa.string()) for name, values in texts.items()},
            "metadata": pa.array(written, pa.string()),
        }
    )
    columns |= {
        key_name(key): column
        for key, column in leaves.items()
        if any(value is not None for value in column.values)
    }
    columns["flag_disagrees"] = disagreement(leaves["complete"].values, texts["response"])
    return World([table], texts["prompt"], list(ids), parts, columns, group=1_000)


def bare_world(rng: random.Random, rows: int) -> World:
    """No metadata; prompts, responses and ids that are null, ids that stand twice."""
    texts, _, parts = conversation_columns(rng, rows)
    ids = picked(rng, rows, *(f"c {n}" for n in range(max(1, rows // 2))), nulls=0.1)
    traces = []
    for row in range(rows):
        if rng.random() < 0.08:
            texts["prompt"][row], parts["prompt"][row] = None, ""
        if rng.random() < 0.08:
            texts["response"][row] = None
            parts["reasoning"][row] = parts["answer"][row] = ""
        traces.append(CARD({"response": texts["response"][row]}).trace)
    table = pa.table(
        {
            "conversation_id": pa.array(ids, pa.string()),
            **{name: pa.array(values, pa.string()) for name, values in texts.items()},
        }
    )
    columns = {
        "turns": Column("integer", [int(prompt is not None) for prompt in texts["prompt"]]),
        "trace": Column("text", traces),
        **counts_of_words(parts),
        **signals_of_meaning(texts),
        "flag_disagrees": Column("boolean", [None] * rows),
    }
    prompts = [prompt or "" for prompt in texts["prompt"]]
    return World([table], prompts, ids, parts, columns, group=50)


def messages_world(rng: random.Random, rows: int) -> World:
    """Conversations of several turns, with system and tool text; two files."""
    spoken = [_messages(rng) for _ in range(rows)]
    parts: dict[str, list[str]] = {"prompt": [], "reasoning": [], "answer": []}
    for _, pieces in spoken:
        for part in parts:
            parts[part].append("\n\n".join(text for own, text in pieces if own == part and text))
    texts = {"messages": [messages for messages, _ in spoken]}
    many = [TURNS({"messages": messages}) for messages, _ in spoken]
    ids = [f"m{row}" for row in range(rows)]
    table = pa.table({"conversation_id": pa.array(ids), "messages": pa.array(texts["messages"])})
    turns = [sum(each["role"] == "user" for each in messages) for messages, _ in spoken]
    columns = {
        "turns": Column("integer", turns),
        "trace": Column("text", [each.trace for each in many]),
        **counts_of_words(parts),
        **signals_of_meaning(texts),
        "flag_disagrees": Column("boolean", [None] * rows),
    }
    cut = rows // 3
    tables = [each for each in (table.slice(0, cut), table.slice(cut)) if len(each)]
    return World(tables, [each.prompt for each in many], list(ids), parts, columns)


def _messages(rng: random.Random) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """Messages, and (part, text) of what they say."""
    messages, pieces = [], []
    if rng.random() < 0.3:
        messages.append(("system", "prompt", some_text(rng, 5)))
    for _ in range(rng.randint(1, 3)):
        messages.append(("user", "prompt", some_text(rng, 6)))
        if rng.random() < 0.2:
            messages.append(("tool", "answer", some_text(rng, 4)))
        messages.append(("assistant", "answer", some_text(rng, 6)))
    spoken = []
    for role, part, text in messages:
        content = text
        if role == "assistant" and rng.random() < 0.6:
            reasoning = some_text(rng, 8)
            content = f"<think>{reasoning}</think>{text}"
            pieces.append(("reasoning", reasoning.strip()))
        pieces.append((part, text * bool(text.strip()) if part == "prompt" else text.strip()))
        spoken.append({"role": role, "content": content})
    return spoken, pieces


MAKERS = {
    "struct": struct_world,
    "json": json_world,
    "bare": bare_world,
    "messages": messages_world,
}
