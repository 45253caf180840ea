"""Nothing that was typed, and no name of the source, ever becomes part of a statement."""

import hashlib
import json
import string
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from app.conversations.fields import key_name
from app.errors import InvalidInput, NotFound, ThinklensError
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.store.engine import Engine, Statement
from app.store.schema import CONVERSATIONS_FILE
from app.web.links import filter_text

CORPORA = Path(__file__).resolve().parents[4] / "shared" / "corpora"
SQL, NAUGHTY = CORPORA / "sql" / "sql_attacks.json", CORPORA / "text" / "blns.json"
OWN = (
    "'; drop table conversations; --", '"; drop table conversations; --', "') or 1=1 --", "$v0",
    "$1", "?", "{}", "%s", "a' union select * from meta --", "\\'; select 1", "/*", "--", "0x27",
    "f0", "row_number", "\0", "'||(select 1)||'", "select count(*) from postings", "1); drop table t",
)  # fmt: skip

# Every character that a statement may consist of; texts of the corpora bring others.
PLAIN = set(string.ascii_letters + string.digits + "_ \n(),.$:*+-/<>='[]|")


def corpus() -> list[str]:
    """The texts of the corpora that are there, with some of our own."""
    texts = list(OWN)
    if SQL.is_file():
        texts += [entry["sql"] for entry in json.loads(SQL.read_text("utf-8"))["entries"]]
    if NAUGHTY.is_file():
        texts += json.loads(NAUGHTY.read_text("utf-8"))
    return [text for text in texts if text]


def needs_corpora() -> None:
    if not (SQL.is_file() and NAUGHTY.is_file()):
        pytest.skip("the corpora of hostile SQL and text are not beside this repository")


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[Statement]:
    """Every statement that engines are given while the test runs."""
    seen: list[Statement] = []

    def watched(name: str) -> None:
        original: Callable[..., Any] = getattr(Engine, name)

        def run(self: Engine, statement: Statement, seconds: float) -> Any:
            seen.append(statement)
            return original(self, statement, seconds)

        monkeypatch.setattr(Engine, name, run)

    watched("rows")
    watched("table")
    return seen


def check(seen: list[Statement], typed: str) -> None:
    """The statements are made of plain characters, and the longer texts are nowhere in them."""
    assert seen
    for statement in seen:
        assert set(statement.sql) <= PLAIN, set(statement.sql) - PLAIN
        if len(typed) > 8 and " " in typed:
            assert typed not in statement.sql
    seen.clear()


def test_the_corpora_are_there() -> None:
    needs_corpora()
    assert len(corpus()) > 500


def test_typed_searches(dataset400: Dataset, statements: list[Statement]) -> None:
    for text in corpus()[::4]:
        for pairs in ([("q", text)], [("sort", f"random:{text[:64]}")], [("facet_q", text)]):
            with suppress(InvalidInput):
                query = queries.parse(pairs, dataset400.fields)
                if pairs[0][0] == "facet_q":
                    dataset400.facets(query)
                else:
                    dataset400.order(query)
                    if statements:
                        check(statements, text)
    statements.clear()


@pytest.mark.parametrize("form", ["{}", '"{0} {0}"', "{}*", "id:{}", "answer:{}", "/{}/", "a{}a"])
def test_words_of_the_corpora(dataset400: Dataset, statements: list[Statement], form: str) -> None:
    words = {word for text in corpus() for word in text.split()}
    for word in sorted(words)[::11]:
        with suppress(InvalidInput):
            query = queries.parse([("q", form.format(word)), ("in", "all")], dataset400.fields)
            dataset400.order(query)
            if statements:  # what was asked before is kept
                check(statements, word)


def test_typed_filters(dataset400: Dataset, statements: list[Statement]) -> None:
    for text in corpus()[1::3]:
        with suppress(InvalidInput):
            queries.parse([("filter", text)], dataset400.fields)
        for name in ("metadata.model", "prompt"):
            with suppress(InvalidInput):
                pairs = [("filter", filter_text(name, text)), ("filter", f"-{name}:{text}")]
                query = queries.parse(pairs, dataset400.fields)
                assert dataset400.order(query).tolist() == []
                if name == "prompt":  # of the others ranks tell
                    check(statements, text)
                assert statements == []
        for name in ("turns", "metadata.score", "metadata.complete", "metadata.share"):
            with suppress(InvalidInput):
                dataset400.order(queries.parse([("filter", f"{name}:{text}")], dataset400.fields))


def hostile_rows(names: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "conversation_id": name,
            "prompt": name,
            "response": name,
            "metadata": {each: f"{row}" if each == name else None for each in names},
            **{each: row if each == name else None for each in names},
        }
        for row, name in enumerate(names)
    ]


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Texts of the corpora as names: UTF-8, each once, none a text column, not too long."""
    taken = {"conversation_id", "prompt", "response", "messages", "metadata"}
    return [
        text
        for text in dict.fromkeys(corpus())
        if text.isprintable() and text not in taken and len(text) < 200
    ][:160]


@pytest.fixture(scope="module")
def hostile(
    names: list[str],
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
) -> Iterator[Dataset]:
    place = tmp_path_factory.mktemp("hostile")
    path = make_parquet(place / "hostile.parquet", hostile_rows(names))
    dataset = open_at(path, place / "data")
    yield dataset
    dataset.close()


def test_names_of_the_source(
    hostile: Dataset, names: list[str], statements: list[Statement]
) -> None:
    before = hashlib.sha256(next(_index(hostile)).read_bytes()).hexdigest()
    for row, name in enumerate(names[::4]):
        key = key_name("metadata", name)
        own = f"source.{name}" if name.startswith("-") else name  # a sort could not tell it
        assert {own, key} <= set(hostile.fields)
        asked = queries.parse([("filter", filter_text(key, f"{row * 4}"))], hostile.fields)
        assert hostile.order(asked).tolist() == [row * 4]
        sort = f"-{'source.' if name.startswith('-') else ''}{name}"
        if name not in ("row", "relevance"):
            ordered = hostile.order(queries.parse([("sort", sort)], hostile.fields))
            assert ordered[0] == (row * 4 if name in names else 0)
        facets = hostile.facets(queries.parse([("facet", key)], hostile.fields))
        assert [each.field.name for each in facets.facets] == [key]
        asked = queries.parse([("filter", filter_text("prompt", name))], hostile.fields)
        assert hostile.order(asked).tolist() == [row * 4]
        if statements:  # ranks may tell all of it
            check(statements, name)
    assert hashlib.sha256(next(_index(hostile)).read_bytes()).hexdigest() == before


def _index(dataset: Dataset) -> Iterator[Path]:
    return dataset.source.path.parent.rglob(CONVERSATIONS_FILE)


def test_hostile_rows_are_read_and_found(hostile: Dataset, names: list[str]) -> None:
    for row, name in enumerate(names[::8]):
        reading = hostile.reading(row * 8)
        assert reading.record["prompt"] == name
        assert reading.metadata[name] == f"{row * 8}"
        found = hostile.search(
            queries.parse([("filter", filter_text("prompt", name))], hostile.fields)
        )
        assert [each.row for each in found.results] == [row * 8]


def test_a_page_far_away(dataset400: Dataset) -> None:
    with pytest.raises(NotFound):
        dataset400.search(queries.parse([("page", "9" * 18)], dataset400.fields))


def test_many_conditions_at_once(dataset400: Dataset) -> None:
    texts = [f"-metadata.score:{n}..{n + 1}" for n in range(50)]
    query = queries.parse([("filter", text) for text in texts], dataset400.fields)
    dataset400.facets(query)
    assert len(dataset400.order(query)) > 300
    for number in ("9" * 28, "-" + "9" * 28, "1e300", "0.1", "9" * 200):
        for form in ("{}", ">{}", "..{}"):
            for name in ("metadata.score", "metadata.share", "turns"):
                with suppress(InvalidInput):
                    text = f"{name}:{form.format(number)}"
                    dataset400.order(queries.parse([("filter", text)], dataset400.fields))


def test_errors_are_of_one_family() -> None:
    assert issubclass(InvalidInput, ThinklensError)
