"""Columns in another type, as SQL.

Among texts a number or a time is the text that it has in each type that holds it, "5" and "2024-01-02": in
which type a chunk or a shard keeps it depends on what else stands there. ``conversations.mixed`` has the same
for values.
"""

TEXT, TEXTS = "varchar", "varchar[]"
_ZEROS = r"'\.0+$|(\.\d*[1-9])0+$', '\1'"  # behind a fraction, and what is left of it
_MIDNIGHT = r"' 00:00:00$', ''"


def cast(column: str, kind: str) -> str:
    """SQL of a column in a type of DuckDB, null where a value has none in it."""
    same = f"try_cast({column} as {kind})"
    texts = {TEXT: _text(column), TEXTS: f"list_transform({column}, lambda each: {_text('each')})"}
    if kind not in texts:
        return same
    return f"case when typeof({column}) = '{kind.upper()}' then {same} else {texts[kind]} end"


def _text(value: str) -> str:
    return f"regexp_replace(regexp_replace(cast({value} as {TEXT}), {_ZEROS}), {_MIDNIGHT})"
