"""The README's table, and when it is not quoted."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import (
    quote,
)
from benchmarks.figures import (
    Line,
    one,
)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"others": {"loaded": False, "said": "unloaded: ..."}}, ""),
        ({"others": {"loaded": True, "said": "loaded: 37%"}}, "the machine was loaded: 37%"),
        ({}, "it was not looked at what others took of the machine"),
    ],
)
def test_figures_of_a_loaded_machine_are_not_quoted(
    told: dict[str, Any], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert quote.refused(told) == why
    written = tmp_path / "comparison.json"
    lines = [Line("conversation page", one(13, "ms")).plain()]
    written.write_text(json.dumps({"facts": ["2 cores"], "lines": lines, **told}))
    if why:
        with pytest.raises(SystemExit, match=f"^quote: {why}; --loaded quotes it all the same$"):
            quote.main([str(written)])
        assert capsys.readouterr().out == ""
    quote.main([str(written), *(["--loaded"] if why else [])])
    assert capsys.readouterr().out.splitlines()[0] == "- 2 cores"


def test_the_readme_quotes_what_was_measured() -> None:
    lines = [
        Line("search, rare (a: 1 rows)", one(1, "ms"), {"fts": one(100, "ms")}),
        Line("conversation page", one(13, "ms")),
        Line("conversation page, file of one single row group", one(8, "ms")),
        Line("phrase in prompts, most frequent", None),
    ]
    assert quote.quoted([line.plain() for line in lines])[3:] == [
        "| search, a rare word | wall 1 ms | fts wall 100 ms |",
        "| conversation page | wall 13.0 ms |  |",
        "| conversation page, file of one single row group | wall 8 ms |  |",
    ]
