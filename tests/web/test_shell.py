"""What stands around a page's own."""

import pytest

from app.web.shell import _shell


@pytest.mark.parametrize(
    ("target", "part", "shell"),
    [
        (None, False, "_page.html"),
        ("export-inside", False, "_page.html"),
        (None, True, "_part.html"),
        ("pane", True, "_part.html"),
        ("export-inside", True, "_dialog.html"),
        ("export-outcome", True, "_dialog.html"),
    ],
)
def test_what_stands_around_what_is_swapped(target: str | None, part: bool, shell: str) -> None:
    assert _shell(target, part) == shell
