"""Features: each Arrow type by the name that datasets has for it, in both of its forms."""

import pyarrow as pa
import pytest

from app.export.features import as_json, as_yaml, of_any_kind

TEXT = pa.string()


def value(name: str) -> dict[str, str]:
    return {"dtype": name, "_type": "Value"}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (pa.null(), "null"),
        (pa.bool_(), "bool"),
        (pa.int8(), "int8"),
        (pa.uint64(), "uint64"),
        (pa.float16(), "float16"),
        (pa.float32(), "float32"),
        (pa.float64(), "float64"),
        (pa.date32(), "date32"),
        (pa.date64(), "date64"),
        (pa.time64("us"), "time64[us]"),
        (pa.timestamp("ns", "UTC"), "timestamp[ns, tz=UTC]"),
        (pa.duration("s"), "duration[s]"),
        (pa.decimal128(10, 2), "decimal128(10, 2)"),
        (pa.binary(), "binary"),
        (pa.large_binary(), "large_binary"),
        (TEXT, "string"),
        (pa.large_string(), "large_string"),
        (pa.string_view(), "string"),
        (pa.dictionary(pa.int32(), TEXT), "string"),
    ],
)
def test_the_name_of_a_type(kind: pa.DataType, name: str) -> None:
    schema = pa.schema([("a", kind)])
    assert as_json(schema) == {"a": value(name)}
    assert as_yaml(schema) == [{"name": "a", "dtype": name}]


@pytest.mark.parametrize(
    ("kind", "in_json", "in_yaml"),
    [
        (pa.list_(TEXT), [value("string")], {"list": "string"}),
        (pa.large_list(pa.list_(TEXT, 2)), [[value("string")]], {"list": {"list": "string"}}),
        (
            pa.struct([("b", TEXT)]),
            {"b": value("string")},
            {"struct": [{"name": "b", "dtype": "string"}]},
        ),
        (
            pa.list_(pa.struct([("b", pa.list_(pa.int64()))])),
            [{"b": [value("int64")]}],
            {"list": [{"name": "b", "list": "int64"}]},
        ),
        (pa.json_(), {"_type": "Json"}, {"dtype": "json"}),
        (pa.list_(pa.json_()), [{"_type": "Json"}], {"list": "json"}),
    ],
)
def test_what_holds_others(kind: pa.DataType, in_json: object, in_yaml: dict[str, object]) -> None:
    schema = pa.schema([("a", kind)])
    assert as_json(schema) == {"a": in_json}
    assert as_yaml(schema) == [{"name": "a", **in_yaml}]


@pytest.mark.parametrize("kind", [pa.map_(TEXT, TEXT), pa.binary(4), pa.uuid()])
def test_what_has_no_name(kind: pa.DataType) -> None:
    for each in (kind, pa.list_(kind), pa.struct([("b", kind)])):
        schema = pa.schema([("c", TEXT), ("a", each)])
        assert as_json(schema) is None
        assert as_yaml(schema) is None


def test_columns_of_any_kind() -> None:
    inside = pa.list_(pa.struct([("x", TEXT), ("y", pa.json_())]))
    assert of_any_kind(pa.schema([("a", TEXT), ("b", inside), ("c", pa.json_())])) == ["b", "c"]
