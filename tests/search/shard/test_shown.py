"""What the list shows of rows: the values that the index filters by."""

from collections.abc import Callable
from pathlib import Path

from app.search.dataset import Dataset
from app.store.engine import Statement


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
