"""Requests that nobody would write, and what must hold of any answer to them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from hypothesis import strategies as st

from app.export.file_types import TYPES
from app.export.options import REASONINGS, SHAPES
from app.main import ROUTERS
from app.search.request.query import ALL
from app.store.schema import PARTS
from app.web.address import PARAMETERS
from app.web.explorer.addresses import PROGRESS

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
LONGEST = 5_000  # characters of a value: more is refused by its length alone
EXPECTED = {200, 202, 204, 303, 307, 308, 400, 401, 403, 404, 405, 409, 413, 414, 422, 429, 431}
FIELDS = [
    *("-neg", "row", "source.row", "relevance", "source.relevance", "random:1", "a.b", "a:b", " "),
    *("large", "unsigned", "float", "short", "exact", "day", "moment", "zoned", "time", "took"),
    *("bytes", "tags", "deep.a.b.c", "nothing", "constant", "trace", "turns", "language"),
    *("score_chosen", "alternatives", "reasoning_words", "turn_order"),
]
NAMES = [*PARAMETERS, *PROGRESS, "from.turns", "to.turns", "from.", "to.x", "name", "%ED%A0%80", ""]
VALUES = [
    *(
        "-1",
        "0",
        "9" * 30,
        "1e400",
        "nan",
        "\u0663",
        "\0",
        "\udc80",
        "\U0001f600" * 300,
        "a" * 4_000,
    ),
    *("a:b:c..d,e;(f", "'\"><script>{{7*7}}", "../../etc/passwd", "%00%ff%", "\r\nSet-Cookie: a=b"),
]
TYPED = [
    *("a OR b", "(a b) -c", "prog*", "C++", "3.14", "/(?i)step \\d+/", "/(a|b)+$/", "/(/", "id:1"),
    *('reasoning:"so it"', "answer:(yes OR no)", "(((((((a", '"', '"a', 'a"b', "-", "--", "-a"),
    *("NOT", "OR OR", "prompt:", ":", "*", '""', "東京", "a..b", "-/x/", "\u202e", "AND", "(" * 60),
]
FITTING = {
    "shape": list(SHAPES),
    "reasoning": list(REASONINGS),
    "type": list(TYPES),
    "in": [*PARTS, ALL],
    "page": ["1", "2", "3"],
    "size": ["10", "25", "100"],
    "limit": ["1", "7", "100"],
    "text": ["rendered", "source"],
    "answer": ["0", "1", "2", "beside"],
    "incomplete": ["keep", "drop", "mark"],
    "arguments": ["object", "text"],
    "reasoning_key": ["reasoning_content", "thinking"],
    "signals": ["all", "trace", "trace,language"],
    "keep_columns": ["large", "deep", "-neg,row", " ", "score_chosen"],
    "read": ["0", "59"],
    "facet_size": ["1", "1000"],
}
ENDS = (
    "0..1",
    "..",
    ">5",
    "<=-1",
    ">1e400",
    "null",
    '"null"',
    "1..0",
    "0001-01-01..9999-12-31",
    "P1D",
)
HEADERS = (
    "HX-Request",
    "HX-Current-URL",
    "HX-Target",
    "If-None-Match",
    "Accept",
    "Range",
    "Origin",
)
METHODS = ("GET",) * 60 + ("HEAD", "DELETE", "POST", "OPTIONS", "PUT", "TRACE")


@dataclass(frozen=True)
class Asked:
    """A request. ``path`` is what is sent, percent signs and all."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """Status, headers by their names in small letters, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def corpus() -> list[str]:
    """The strings of the corpora beside this repository; none where they are not there."""
    files = sorted(CORPORA.rglob("*.json")) if CORPORA.is_dir() else []
    return [each for file in files for each in _texts(json.loads(file.read_text("utf-8")))]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if len(value) <= LONGEST else []
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for item in inside for each in _texts(item)]


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def templates() -> list[str]:
    """All addresses that any method has."""
    found = {getattr(each, "path", "") for router in ROUTERS for each in router.routes}
    assert len(found) > 25
    return [*sorted(found), "/static/{rest:path}", "/{rest:path}", "/openapi.json"]


def requests(texts: list[str]) -> st.SearchStrategy[Asked]:
    """Requests over all addresses, with ``texts`` among their values."""
    shown = [each.example for each in (*PARAMETERS.values(), *PROGRESS.values())]
    anything = st.one_of(
        st.sampled_from([*shown, *TYPED]),
        st.sampled_from(texts or TYPED),
        st.sampled_from(VALUES),
        st.text(st.characters(), max_size=40),
        st.integers().map(str),
        st.floats().map(str),
    )
    filters = st.tuples(st.sampled_from(("", "-")), st.sampled_from(FIELDS), st.sampled_from(ENDS))
    filtered = st.one_of(filters.map(lambda each: f"{each[0]}{each[1]}:{each[2]}"), anything)
    ordered = st.one_of(st.sampled_from([*FIELDS, *(f"-{each}" for each in FIELDS)]), anything)
    ranked = st.sampled_from(
        ("0", "1", "2", "3", "4", "5", "7", "59", "60", "-1", "1e3", "%00", "9" * 30, "٣")
    )
    fitting = {name: st.sampled_from(values) for name, values in FITTING.items()}
    free = {"filter": filtered, "sort": ordered, "column": ordered, "facet": ordered, "q": anything}
    named_value = {**fitting, **free}
    likely = st.sampled_from(sorted(named_value)).flatmap(
        lambda name: st.tuples(st.just(name), named_value[name])
    )
    odd = st.tuples(st.sampled_from(NAMES), anything)
    pair = st.integers(0, 5).flatmap(lambda chance: likely if chance else odd)
    pairs = st.lists(pair, max_size=4)
    real = st.sampled_from(("odd", "odd", "pairs"))
    any_name = anything.map(_quoted)
    named = st.integers(0, 9).flatmap(lambda chance: real if chance else any_name)
    return st.builds(
        _request,
        st.sampled_from(templates()),
        named,
        st.tuples(ranked, ranked),
        anything.map(_quoted),
        pairs,
        st.sampled_from(METHODS),
        st.dictionaries(st.sampled_from(HEADERS), anything, max_size=2),
    )


def _request(
    template: str,
    name: str,
    rows: tuple[str, str],
    rest: str,
    pairs: list[tuple[str, str]],
    method: str,
    headers: dict[str, str],
) -> Asked:
    path = template.replace("{name}", name or "odd").replace("{rest:path}", rest)
    path = path.replace("{row}", quote(rows[0])).replace("{other}", quote(rows[1]))
    path = path.replace("{identity}", rest or "none")
    query = "&".join(f"{key}={_quoted(value)}" for key, value in pairs)
    sane = {key: "".join(c for c in value if " " <= c <= "~") for key, value in headers.items()}
    return Asked(f"{path}?{query}" if query else path, method, sane)


def fault(asked: Asked, answer: Answer) -> str:
    """What does not hold of an answer; "" where all does."""
    if answer.status == 503:
        return "" if "retry-after" in answer.headers else "503 without Retry-After"
    if answer.status not in EXPECTED:
        return f"status {answer.status}"
    if "x-request-id" not in answer.headers:
        return "no request id"
    if b"Traceback (most" in answer.body:
        return "a traceback"
    if asked.method == "HEAD" and answer.body:
        return "a body"
    if answer.headers.get("content-type", "").startswith("application/json") and answer.body:
        return _json_fault(asked, answer)
    return ""


def _json_fault(asked: Asked, answer: Answer) -> str:
    """By the schema: JSON to the letter, and an error has its three texts."""
    try:
        said = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return "no JSON"
    if answer.status < 400 or not asked.path.startswith("/api/"):
        return ""
    texts = (said.get(name) for name in ("error", "code", "request_id"))
    return "" if all(isinstance(each, str) and each for each in texts) else "an error without words"
