"""Texts in blocks: of bounded size, and each comes back."""

import pytest

from app.store.text_blocks import blocks, unpacked


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ([], []),
        ([0] * 64, [64]),
        ([1] * 130, [64, 64, 2]),
        ([*[2**17] * 4, 1], [2, 2, 1]),
        ([2**17, 2**17 - 1, 1, 1], [3, 1]),
        ([2**18, 2**18 + 5, 2**18 - 1], [1, 1, 1]),
        ([2**18, *[1] * 64, 3], [1, 64, 1]),
    ],
)
def test_texts_in_blocks_of_so_many_rows_or_characters(sizes: list[int], found: list[int]) -> None:
    texts = ["x" * size for size in sizes]
    made = list(blocks(texts))
    assert [rows for _, rows in made] == found
    assert [text for each, _ in made for text in unpacked(each, b"").to_pylist()] == texts


def test_half_a_surrogate_pair_is_kept_as_a_question_mark() -> None:
    ((block, rows),) = blocks(["good", "half \ud800 a pair", "\U0001f600", "\ud7ff\ue000 \0 \r\n"])
    kept = unpacked(block, b"").to_pylist()
    assert (rows, kept) == (
        4,
        ["good", "half ? a pair", "\U0001f600", "\ud7ff\ue000 \0 \r\n"],
    )
