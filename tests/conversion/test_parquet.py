"""Files that are no Parquet: every form they come in, what is none of them, and types of all values."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.records import records
from app.conversations.source_file import LINES
from app.conversations.tables import plain
from app.conversion import parquet
from app.conversion.parquet import convert
from app.errors import Unreadable

ROWS: list[dict[str, Any]] = [
    {"prompt": "Wo?", "response": "<think>süd</think>\nda", "n": 1, "tags": ["a"]},
    {
        "prompt": "2024-05-17",
        "response": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "n": None,
        "tags": [],
    },
    {"prompt": '\u2028\n"', "response": "", "n": -3, "late": {"deep": [{"x": True}]}},
]


def read(path: Path, out: Path) -> list[dict[str, Any]]:
    convert(path, out)
    return records(plain(pq.read_table(out)))


def met(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(pq.read_schema(out).metadata[LINES])
    return found


def zstd(raw: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(raw)
    found: bytes = sink.getvalue().to_pybytes()
    return found


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda raw: raw,
    ".gz": gzip.compress,
    ".zst": zstd,
}
LINED = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()
FORMS = {
    "lines.jsonl": LINED,
    "lines.ndjson": LINED.removesuffix(b"\n"),
    "blank lines.jsonl": b"\n" + LINED.replace(b"}\n", b"}\n\n"),
    "carriage returns.jsonl": LINED.replace(b"}\n", b"}\r\n"),
    "mark.jsonl": b"\xef\xbb\xbf" + LINED,
    "array.json": json.dumps(ROWS).encode(),
    "indented array.json": json.dumps(ROWS, indent=2).encode(),
    "objects.json": "\n".join(json.dumps(row, indent=1) for row in ROWS).encode(),
    "lines.json": LINED,
    "mark.json": b"\xef\xbb\xbf" + json.dumps(ROWS).encode(),
}


@pytest.mark.parametrize("packed", PACKERS)
@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_rows(tmp_path: Path, name: str, packed: str) -> None:
    path = tmp_path / (name + packed)
    path.write_bytes(PACKERS[packed](FORMS[name]))
    names = {key: None for row in ROWS for key in row}
    assert read(path, tmp_path / "out.parquet") == [{**names, **row} for row in ROWS]
    assert met(tmp_path / "out.parquet") == {"bad": 0, "first": [], "surrogates": 0}
    assert {each.name for each in tmp_path.iterdir()} == {path.name, "writing", "out.parquet"}


MANY = json.dumps({f"k{number}": number for number in range(20_001)}).encode()


@pytest.mark.parametrize(
    ("raw", "bad", "first", "rows"),
    [
        (b'{"a":1}\nnope\n{"a":2}\n', 1, [[2, "no JSON"]], 2),
        (
            b'{"a":1}\n{"a":' + b"[" * 200 + b"]" * 200 + b"}",
            1,
            [[2, "nested more than 200 deep"]],
            1,
        ),
        (b'{"a":1}\n' + MANY, 1, [[2, "more than 20,000 keys"]], 1),
        (b'{"a":1}\n{"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}", 1, [[2, "no JSON"]], 1),
        (b'{"a":1}\n[1]\n"x"\n7\n', 3, [[2, "no object of keys and values"]], 1),
        (b'{"a":1}\n{"a":2', 1, [[2, "no JSON"]], 1),
        (b'{"a":1}\n' + b"x\n" * 30, 30, [[2, "no JSON"]], 1),
    ],
)
def test_a_bad_line_is_numbered_and_the_rest_is_read(
    tmp_path: Path, raw: bytes, bad: int, first: list[Any], rows: int
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(raw)
    found = read(path, tmp_path / "out.parquet")
    assert found == [{"a": n + 1} for n in range(rows)]
    said = met(tmp_path / "out.parquet")
    assert (said["bad"], said["first"][:1]) == (bad, first)
    assert len(said["first"]) == min(bad, parquet.MOST_BAD)


@pytest.mark.parametrize(
    ("value", "depth"), [(b"[" * 199 + b"]" * 199, 199), (b'"' + b"[" * 500 + b'\\"["', 501)]
)
def test_what_is_as_deep_as_may_be_is_read(tmp_path: Path, value: bytes, depth: int) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a":' + value + b"}\n")
    (row,) = read(path, tmp_path / "out.parquet")
    assert met(tmp_path / "out.parquet")["bad"] == 0
    assert json.dumps(row["a"]).count("[") == depth


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("x.jsonl", b"", "no record"),
        ("x.jsonl", b"\n\n", "no record"),
        ("x.jsonl", b"nope\n", "no record: no JSON in line 1"),
        ("x.json", b"[]", "no record"),
        (
            "x.json",
            b'[{"a": 1',
            "no record: no JSON, and nothing behind it can be told apart in line 1",
        ),
        ("x.json.gz", b"no gzip", "bytes that cannot be read"),
        ("x.jsonl.zst", b"no zstd", "bytes that cannot be read"),
        ("x.csv", b"a,a\n1,2\n", "two columns of one name"),
        ("x.csv", b"a," * 20_000 + b"a\n", "more than 20,000 columns"),
    ],
)
def test_what_holds_no_record_is_refused(tmp_path: Path, name: str, raw: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(Unreadable, match=said):
        convert(path, tmp_path / "out" / "x.parquet")
    assert not list(tmp_path.glob("out/*"))


def test_an_array_that_is_cut_off_gives_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b'[{"a": 1}, {"a": 2}')
    assert read(path, tmp_path / "out.parquet") == [{"a": 1}, {"a": 2}]
    assert met(tmp_path / "out.parquet")["first"] == [
        [3, "the list ends before its closing bracket"]
    ]


@pytest.mark.parametrize(("ending", "separator"), [(".csv", ","), (".tsv", "\t"), (".csv.gz", ",")])
def test_cells(tmp_path: Path, ending: str, separator: str) -> None:
    sheet = io.StringIO(newline="")
    rows = [["prompt", "n"], ["a\nb", "007"], ['"', "x" + separator]]
    csv.writer(sheet, delimiter=separator).writerows([*rows, ["short"]])
    path = tmp_path / f"x{ending}"
    raw = b"\xef\xbb\xbf" + sheet.getvalue().encode()
    path.write_bytes(gzip.compress(raw) if ending.endswith(".gz") else raw)
    found = read(path, tmp_path / "out.parquet")
    assert found == [dict(zip(rows[0], each, strict=True)) for each in rows[1:]]
    assert met(tmp_path / "out.parquet")["first"] == [[5, "1 cells where there are 2 columns"]]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2"], "string"),
        ([1, 2], "int64"),
        ([1, 2.5], "double"),
        ([2**63 - 1, None], "int64"),
        ([2**63], "extension<arrow.json>"),
        ([2**53 + 1, 0.5], "extension<arrow.json>"),
        ([True, False], "bool"),
        ([True, 1], "extension<arrow.json>"),
        (["a", "1"], "string"),
        ([{"a": 1}, {"b": "x"}], "struct<a: int64, b: string>"),
        ([{f"k{n}": n} for n in range(64)], "struct<"),
        ([{f"k{n}": n} for n in range(65)], "extension<arrow.json>"),
        ([{}], "extension<arrow.json>"),
        ([[1], [True]], "list<element: extension<arrow.json>>"),
        ([{"a": {}}, {"a": [1]}], "struct<a: extension<arrow.json>>"),
        ([None, None], "null"),
        ([[], []], "list<element: null>"),
        ([{"x": [{"y": 1}, {"y": 2.5}]}], "struct<x: list<element: struct<y: double>>>"),
    ],
)
def test_the_type_that_holds_all_values(tmp_path: Path, values: list[Any], kind: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"v": value}) + "\n" for value in values))
    (tmp_path / "out.parquet").unlink(missing_ok=True)
    found = [row["v"] for row in read(path, tmp_path / "out.parquet")]
    assert str(pq.read_schema(tmp_path / "out.parquet").field("v").type).startswith(kind)
    assert [_plain(_parsed(each, kind)) for each in found] == [_plain(each) for each in values]


def _parsed(value: Any, kind: str) -> Any:
    """JSON in text as what it says, at any depth."""
    if isinstance(value, str) and "json" in kind:
        return json.loads(value)
    if isinstance(value, list):
        return [_parsed(each, kind) for each in value]
    return {k: _parsed(v, kind) for k, v in value.items()} if isinstance(value, dict) else value


def _plain(value: Any) -> Any:
    """A value without the keys that are null."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v is not None}
    return [_plain(each) for each in value] if isinstance(value, list) else value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["a", "b", "é", " "]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


RECORDS = st.lists(
    st.dictionaries(st.sampled_from(["x", "y"]), JSON, min_size=1), min_size=1, max_size=5
)


@settings(max_examples=75, deadline=None)
@given(rows=RECORDS)
def test_no_value_is_lost(
    rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "x.jsonl"
    path.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    convert(path, folder / "out.parquet")
    table = pq.read_table(folder / "out.parquet")
    found = records(plain(table))
    assert len(found) == len(rows)
    for made, row in zip(found, rows, strict=True):
        for name, value in row.items():
            kind = table.schema.field(name).type
            assert _same(made[name], kind, value)


def _same(made: Any, kind: pa.DataType, value: Any) -> bool:
    """Whether a value came back in a type: what is no text among texts as JSON, as in columns of JSON."""
    if value is None:
        return made is None
    if isinstance(kind, pa.JsonType) or (pa.types.is_string(kind) and not isinstance(value, str)):
        return bool(json.loads(made) == value)
    if pa.types.is_struct(kind):
        return all(_same(made[each.name], each.type, value.get(each.name)) for each in kind)
    if pa.types.is_list(kind):
        items = zip(made, value, strict=True)
        return all(_same(one, kind.value_type, other) for one, other in items)
    return bool(made == value)


def test_half_a_surrogate_pair_is_replaced_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a": "x\\ud800y"}\n{"a": "b"}\n')
    assert read(path, tmp_path / "out.parquet") == [{"a": "x\ufffdy"}, {"a": "b"}]
    assert met(tmp_path / "out.parquet")["surrogates"] == 1


def test_progress_rises_to_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a": "some text"}\n' * 5_000)
    told: list[tuple[int, int]] = []
    convert(path, tmp_path / "out.parquet", lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert {total for _, total in told} == {2 * path.stat().st_size}
    assert told[-1][0] == told[-1][1]


def test_row_groups_are_of_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_BYTES", 100_000)
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a": "%s"}\n' % (b"x" * 90) * 5_000)
    convert(path, tmp_path / "out.parquet")
    made = pq.read_metadata(tmp_path / "out.parquet")
    assert [made.row_group(n).num_rows for n in range(made.num_row_groups)] == [2_000, 2_000, 1_000]


def test_the_first_records_alone(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = ["no JSON", *(json.dumps({"n": n}) for n in range(5)), '{"late": 1}', "also none"]
    path.write_text("\n".join(rows))
    convert(path, tmp_path / "first.parquet", most=3)
    assert records(plain(pq.read_table(tmp_path / "first.parquet"))) == [{"n": n} for n in range(3)]
    assert met(tmp_path / "first.parquet")["first"] == [[1, "no JSON"]]


def test_one_row_of_another_kind_changes_no_text(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"prompt": f"p{n}", "tags": ["a"], "deep": {"say": '"quoted"'}} for n in range(1_500)
    ]
    rows[1_200] = {"prompt": 5, "tags": ["b", {"x": 1}], "deep": {"say": [True]}}
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = read(path, tmp_path / "out.parquet")
    assert found[0] == rows[0]
    assert found[1_200] == {"prompt": "5", "tags": ["b", '{"x":1}'], "deep": {"say": "[true]"}}
    assert found[1_201:] == rows[1_201:]
