"""Sizes as people say them."""

import pytest

from app.conversations.sizes import size_words


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (9_940, "9.9 kB"),
        (10_000, "10 kB"),
        (999_999, "1,000 kB"),
        (1_000_000, "1.0 MB"),
        (5_440_000, "5.4 MB"),
        (999_000_000, "999 MB"),
        (1_000_000_000, "1.0 GB"),
        (12_345_000_000_000, "12,345 GB"),
    ],
)
def test_a_size_in_words(size: int, said: str) -> None:
    assert size_words(size) == said
