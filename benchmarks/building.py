"""Builds: wall time, the memory of all processes together, what lies on the disk afterwards."""

from collections.abc import Iterator

from . import processes, reaches, rows, thinklens
from .figures import Line, one, times
from .run import Run

MEGA = 1e6


def built(run: Run) -> Iterator[Line]:
    """Thinklens's index of all parts; those of the references, of the prompts alone."""
    ran = processes.run(thinklens.index_command(run.data, run.data_dir))
    run.built = ran
    run.references.build()
    others = {name: each for name, each in run.references.built.items() if name != "scan"}
    yield Line(
        "build of the index: all parts; beside it prompts only",
        times([ran.took], "s"),
        {name: times([each.took], "s") for name, each in others.items()},
        reaches.BUILD,
    )
    yield Line(
        "memory of a build, all processes together, MB",
        one(ran.peak / MEGA, "MB"),
        {name: one(each.peak / MEGA, "MB") for name, each in others.items()},
        reaches.BUILD_MEMORY,
    )
    yield from _sizes(run)


def _sizes(run: Run) -> Iterator[Line]:
    text = sum(file.stat().st_size for file in rows.files(run.data))
    index, copies = thinklens.index_bytes(run.data_dir)
    yield Line(
        "index against the source's size, without the texts",
        one(index / text, ""),
        {
            name: one(each.bytes / text, "")
            for name, each in run.references.built.items()
            if name != "scan"
        },
        reaches.INDEX,
        f"({index / MEGA:,.0f} MB of {text / MEGA:,.0f} MB"
        + (f", and {copies / MEGA:,.0f} MB of copies)" if copies else ")"),
    )
    rows.single_group(run.data, run.single)
    ran = processes.run(thinklens.index_command(run.single, run.single_data_dir))
    index, copies = thinklens.index_bytes(run.single_data_dir)
    text = run.single.stat().st_size
    yield Line(
        "the same with a copy of the texts: a file of one single row group",
        one((index + copies) / text, ""),
        {},
        reaches.INDEX_AND_TEXTS,
        f"(built in {ran.took.seconds:.1f} s)",
    )
