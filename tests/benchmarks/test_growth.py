"""The sizes that are measured, and what is held of them."""

from pathlib import Path

import pytest

from benchmarks import (
    growth,
)
from benchmarks.figures import (
    one,
)
from benchmarks.references import References
from benchmarks.run import Run


def test_sizes_are_planned_before_anything_is_measured(data: Path, tmp_path: Path) -> None:
    run = Run(data, tmp_path, References(tmp_path, None, ""))
    assert growth.planned(run, None) == []
    assert [(each.rows, each.made) for each in growth.planned(run, [])] == [
        (27_000, True),
        (270_000, True),
        (2_700_000, True),
    ]
    assert growth.planned(run, ["60"]) == []  # the main size
    (less,) = growth.planned(run, ["30"])
    assert (less.made, less.bytes) == (False, sum(f.stat().st_size for f in data.iterdir()) / 2)
    (other,) = growth.planned(run, [str(data)])
    assert (other.rows, other.made, other.data) == (60, False, data.resolve())
    with pytest.raises(ValueError, match="at least one row"):
        growth.planned(run, ["0"])


def test_a_size_tells_what_it_needs() -> None:
    assert str(growth.Plan(2_700_000, 10e9, True, False)) == (
        "2,700,000 rows: made of the rows there are, 40.0 GB on the disk, some 45 minutes"
    )
    assert str(growth.Plan(27_000, 1e8, False, True, Path("data"))) == (
        "27,000 rows: 0.3 GB on the disk, some 0 minutes; there is less free, so it is measured by its"
        " prompts only"
    )


def test_growth_is_held_beside_the_main_size() -> None:
    main = growth.Size(270_000, "", {"search, middle": one(2, "ms"), "index": one(5, "MB")}, 10**8)
    found = {"search, middle": one(4, "ms"), "build": one(9, "s")}
    big = growth.Size(2_700_000, "", found, 10**8 + 2_430_000 * 15)
    lines = [*growth.beside(big, main), *growth.opened([main, big])]
    assert [(each.what, each.holds) for each in lines] == [
        ("2,700,000 rows: search, middle", "**no** (2x wall)"),
        ("2,700,000 rows: build", ""),
        ("2,700,000 rows: memory of a row of an open index, bytes", "yes (15.0)"),
    ]
