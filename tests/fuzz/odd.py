"""Datasets whose columns, values and texts are of every odd kind that a source may have."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HOSTILE = "<script>alert(1)</script> \"'><img src=x onerror=alert(2)> & triangle \u202e {{ 7 * 7 }}"
TRACES = (
    "<think>\nLet me add {0}.\n\nWait, no.\n</think>\n\nThe sum is {0}.",
    "<think>\nStill adding for {0}, and then",
    "So {0} it is.\n</think>\n\nThe sum is $\\frac{{{0}}}{{2}}$.",
    "<think>\n</think>\n\n```python\nprint({0})\n```",
    "",
)
ROWS = 60
FIRST, LAST = dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999)
COLUMNS = {
    "-neg": [n - 30 for n in range(ROWS)],
    "row": list(range(ROWS, 0, -1)),
    "relevance": [n % 3 for n in range(ROWS)],
    "random:1": [f"v{n % 4}" for n in range(ROWS)],
    "a.b": [n % 2 == 0 for n in range(ROWS)],
    "a:b": ["x:y", "null", '"', "..", None] * (ROWS // 5),
    " ": ["space", "", None] * (ROWS // 3),
    "näme\u202e'\"<b>": [HOSTILE, "ok"] * (ROWS // 2),
    "large": [2**63 - 1, -(2**63), 0, None] * (ROWS // 4),
    "unsigned": pa.array([2**64 - 1, 0, 1, None] * (ROWS // 4), pa.uint64()),
    "float": [float("nan"), float("inf"), -float("inf"), -0.0, 1e-320, None] * (ROWS // 6),
    "short": pa.array([0.1, 65504.0, None] * (ROWS // 3), pa.float32()),
    "exact": [Decimal("123456789012345678901234567890.12345678"), None] * (ROWS // 2),
    "day": [FIRST.date(), LAST.date(), dt.date(1969, 12, 31), None] * (ROWS // 4),
    "moment": pa.array([FIRST, LAST, None] * (ROWS // 3), pa.timestamp("us")),
    "zoned": pa.array([0, 10**12, None] * (ROWS // 3), pa.timestamp("ms", "Asia/Tokyo")),
    "time": [dt.time(23, 59, 59), None] * (ROWS // 2),
    "took": [dt.timedelta(days=10_000), dt.timedelta(0), None] * (ROWS // 3),
    "bytes": [b"\xff\x00", b"", None] * (ROWS // 3),
    "tags": [[], ["a", "b"], ["null"], None] * (ROWS // 4),
    "deep": [{"a": {"b": {"c": [1, 2]}}, "d": None}, None] * (ROWS // 2),
    "nothing": pa.nulls(ROWS),
    "constant": ["same"] * ROWS,
}
TURNS = [
    [
        {"role": "user", "content": "add"},
        {"role": "assistant", "content": "<think>\nso\n</think>\n7"},
    ],
    [{"role": "robot", "content": ""}, {"role": "system", "content": HOSTILE}],
    [],
    [
        {"role": "user", "content": "$x^2$ and `code` | a | b |"},
        {
            "role": "assistant",
            "content": '<tool_call>\n{"name": "add", "arguments": {"a": 1}}\n</tool_call>',
        },
        {"role": "tool", "content": '{"sum": 2}'},
        {"role": "assistant", "content": "2"},
    ],
]


def write(folder: Path) -> list[Path]:
    """Two datasets: ``odd`` with all these columns, ``pairs`` with turns and answers beside each other."""
    odd, pairs = folder / "odd.parquet", folder / "pairs.parquet"
    texts = {
        "prompt": [HOSTILE if n == 2 else f"The triangle {n} \u0000 of 東京" for n in range(ROWS)],
        "response": [TRACES[n % len(TRACES)].format(n) for n in range(ROWS)],
    }
    pq.write_table(pa.table({**texts, **COLUMNS}), odd, row_group_size=17)
    turns = {
        "chosen": [TURNS[n % len(TURNS)] for n in range(ROWS)],
        "rejected": [TURNS[(n + 1) % len(TURNS)] for n in range(ROWS)],
        "score_chosen": [n / 7 for n in range(ROWS)],
    }
    pq.write_table(pa.table(turns), pairs)
    return [odd, pairs]
