"""What the list shows of rows: the values that the index filters by."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.search.dataset import Dataset
from app.search.hits import Finder
from app.search.request.tree import Word
from app.search.shard import field_codes
from app.search.snippets import snippet
from app.store.engine import Statement

LONG = "area " * 60  # as long as what is shown of a prompt
HALF = '[{"role":"user","content":"an area \\ud83d of"},{"role":"assistant","content":"a"}]'


def of_the_table(dataset: Dataset) -> list[dict[str, object]]:
    """The signals of all rows as the table of conversations has them: those of each row by itself."""
    signals = [each for each in dataset.indexes[0].fields.values() if each.signal]
    sql = f"select {', '.join(each.column for each in signals)} from conversations order by row_number"
    rows = dataset.indexes[0]._engine.rows(Statement(sql), 30.0)
    names = [each.name for each in signals]
    return [dict(zip(names, values, strict=True)) for values in rows]


def test_signals_are_those_of_the_table(dataset400: Dataset) -> None:
    found = [dataset400.indexes[0].shown.row(row) for row in range(400)]
    assert repr([each.signals for each in found]) == repr(of_the_table(dataset400))
    assert [each.row for each in found] == list(range(400))


def test_how_a_row_begins(dataset400: Dataset) -> None:
    for row in (0, 15, 16, 17, 399):
        shown, reading = dataset400.indexes[0].shown.row(row), dataset400.reading(row)
        assert shown.prompt == reading.conversation.prompt[:300]
        assert shown.opening == reading.conversation.texts["answer"][:400]
        assert shown.identity == reading.identity == f"c{row:05d}"


def test_scores_that_are_no_numbers(make_dataset: Callable[..., Dataset]) -> None:
    scores = [0.1, float("nan"), float("inf"), -float("inf"), None, 3.0, -0.0]
    dataset = make_dataset(
        [
            {"prompt": "p", "chosen": "a good answer", "rejected": "b", "chosen_score": score}
            for score in scores
        ]
    )
    found = [dataset.indexes[0].shown.row(row).signals for row in range(len(scores))]
    assert (
        repr([each["score_chosen"] for each in found]) == "[0.1, None, None, None, None, 3.0, -0.0]"
    )
    assert repr(found) == repr(of_the_table(dataset))


def test_lines_of_any_text(make_dataset: Callable[..., Dataset]) -> None:
    texts = ["two\nlines", 'a "quoted"\\n one', "\u2028\u0085\r", "\0", "日本語 \U0001f600", ""]
    dataset = make_dataset([{"prompt": text, "response": text} for text in texts])
    found = [dataset.indexes[0].shown.row(row) for row in range(len(texts))]
    assert [each.prompt for each in found] == texts
    assert [each.opening for each in found] == [text.strip() for text in texts]
    assert {each.identity for each in found} == {None}


def test_files_with_other_signals(
    tmp_path: Path, make_parquet: Callable[..., Path], open_at: Callable[..., Dataset]
) -> None:
    own = [{"prompt": "p", "response": "a"}]
    more = [{"prompt": "p", "chosen": "a", "rejected": "b"}]
    make_parquet(tmp_path / "source" / "a.parquet", own)
    make_parquet(tmp_path / "source" / "b.parquet", more)
    dataset = open_at(tmp_path / "source", tmp_path / "data")
    found = [dataset.indexes[0].shown.row(row).signals for row in range(2)]
    assert [each["alternatives"] for each in found] == [None, 1]
    assert found == of_the_table(dataset)
    dataset.close()


def chat(*told: tuple[str, str]) -> dict[str, object]:
    """A row of several turns."""
    turns = [*told, ("assistant", "a")]
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


@pytest.mark.parametrize(
    ("row", "searched"),
    [
        (chat(("user", "an area")), "an area"),
        (chat(("user", "")), ""),
        (chat(("user", "  \n")), None),
        (chat(("user", LONG)), LONG),
        (chat(("user", LONG[1:])), LONG[1:]),
        (chat(("user", LONG + "x")), LONG + "x"),
        (chat(("user", LONG * 4)), LONG * 4),
        (chat(("user", LONG * 4 + "x")), None),
        (chat(("user", "an area"), ("assistant", "b"), ("user", "of it")), "an area\n\nof it"),
        (chat(("user", "an area"), ("assistant", "b"), ("user", LONG * 4)), None),
        (chat(("system", "an area"), ("user", "of it")), None),
        (chat(("user", "it"), ("system", "an area")), "it\n\nan area"),
        ({"messages": HALF}, "an area \ufffd of"),
    ],
)
def test_a_short_prompt_stands_there_whole(
    make_dataset: Callable[..., Dataset], row: dict[str, object], searched: str | None
) -> None:
    dataset = make_dataset([row])
    index = dataset.indexes[0]
    (text,) = index.texts["prompt"].of_rows([0])
    found = index.shown.row(0)
    assert found.searched == searched
    assert text == searched or searched is None
    assert found.prompt == dataset.reading(0).conversation.prompt[:300]
    wanted = snippet("prompt", text, Finder((Word("area"),)))
    if searched is not None:
        index.texts.clear()  # no text is read
    results = dataset.search(dataset.query([("q", "area")])).results
    assert [each.snippets for each in results] == ([] if wanted is None else [(wanted,)])


def test_how_a_trace_ends_that_was_cut_off(make_dataset: Callable[..., Dataset]) -> None:
    trace = "".join(f" {number}" for number in range(200))
    answers = [f"<think>\nso{trace}", "<think>\nso 7", "<think>\nso 7\n</think>\nb", "so 7"]
    dataset = make_dataset([{"prompt": "p", "response": each} for each in answers])
    found = [each.ending for each in dataset.search(dataset.query([])).results]
    assert found == [f"so{trace}"[-400:], "so 7", "", ""]


def test_texts_that_a_list_does_not_hold_are_read(make_dataset: Callable[..., Dataset]) -> None:
    prompts = [f"{'x ' * (number % 3 * 400)}an area {number}" for number in range(30)]
    dataset = make_dataset([{"prompt": each, "response": "an area"} for each in prompts])
    found = dataset.search(dataset.query([("q", "area"), ("in", "all"), ("size", "50")])).results
    assert len(found) == 30
    for each in found:
        texts = {"prompt": prompts[each.row], "answer": "an area"}
        wanted = [snippet(part, text, Finder((Word("area"),))) for part, text in texts.items()]
        assert each.snippets == tuple(wanted)


def test_values_of_few_and_of_many(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [
        {
            "kind": (None, "a", "b")[row % 3],
            "flag": (True, None, False, True)[row % 4],
            "many": f"m{row * 7 % 40}",
            "number": row * 7 % 5,
        }
        for row in range(40)
    ]
    rows = [{"prompt": "p", "response": "a", "metadata": each} for each in told]
    dataset = make_dataset(rows[:20], rows[20:])
    monkeypatch.setattr(field_codes, "FEW_VALUES", 3)

    def listed(*names: str) -> list[dict[str, object]]:
        columns = [("column", f"metadata.{name}") for name in names]
        query = dataset.query([*columns, ("sort", "random:7"), ("size", "40")])
        results = dataset.search(query).results
        assert len(results) == 40
        for each in results:
            wanted = [(f"metadata.{name}", told[each.row][name]) for name in names]
            assert list(each.values.items()) == wanted
        return [dict(each.values) for each in results]

    listed("many", "kind", "number", "flag")
    for each in dataset.indexes:
        monkeypatch.setattr(each, "_engine", None)  # nothing is asked by a statement
    assert listed("flag", "kind")
    with pytest.raises(AttributeError):
        listed("many")
