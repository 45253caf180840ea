"""Languages by name: those that the model tells, each by a name of its own."""

import re

import pytest

from app.conversations.signals.languages import _model
from app.web import language_names
from app.web.language_names import tongue


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("zh", "Chinese"),
        ("de", "German"),
        ("eo", "Esperanto"),
        ("xx", ""),
        ("", ""),
    ],
)
def test_a_language_by_its_code(code: str, name: str) -> None:
    assert tongue(code) == name


def test_every_name_is_of_a_language_that_the_model_tells() -> None:
    labels, _ = _model().predict("hello", k=1_000, threshold=-1.0)
    told = {label.removeprefix("__label__") for label in labels}
    assert len(told) == 176
    assert set(language_names._NAMES) - told == set()


def test_every_language_has_a_name_of_its_own() -> None:
    names = list(language_names._NAMES.values())
    assert [name for name in names if not re.fullmatch("[A-Z][a-z]{3,}", name)] == []
    assert len(set(names)) == len(names)
