"""What a row's prompt has in common with a benchmark: fields by the name that a user gave the benchmark. They
are made when a user asks for them, over all rows, and joined to the signals as those of copies are.
"""

import re

from ..fields import BOOLEAN, INTEGER, NUMBER
from ..overlaps import FEWEST, LONG
from .copies import of_all_rows
from .signal import Signal

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")  # of a benchmark
SHARE, QUESTION, LONGER, EQUAL = BEGINNINGS = (
    "overlap.",
    "overlap_question.",
    "overlap_13.",
    "overlap_equal.",
)


def overlap(name: str) -> Signal | None:
    """The signal of this name; None where none is called so."""
    begins, dot, benchmark = name.partition(".")
    if f"{begins}{dot}" not in BEGINNINGS or not NAME.fullmatch(benchmark):
        return None
    return {SHARE: _share, QUESTION: _question, LONGER: _longer, EQUAL: _equal}[f"{begins}{dot}"](
        benchmark
    )


def _share(benchmark: str) -> Signal:
    return Signal(
        SHARE + benchmark,
        NUMBER,
        f"Overlap with {benchmark}",
        f"The largest share of the words of one question of {benchmark} that stand in the prompt in the same "
        "runs of words (8 unless another number was told), over the whole prompt. Runs with fewer than "
        f"{FEWEST} different words never count; a question of fewer words must be the whole prompt.",
        of_all_rows,
        said=f"overlap with {benchmark}",
    )


def _question(benchmark: str) -> Signal:
    return Signal(
        QUESTION + benchmark,
        INTEGER,
        f"Question of {benchmark}",
        f"The question of {benchmark} that the prompt has most of, by its place in the file, from 0; null "
        "where it has nothing of any.",
        of_all_rows,
        said=f"question of {benchmark}",
    )


def _longer(benchmark: str) -> Signal:
    return Signal(
        LONGER + benchmark,
        BOOLEAN,
        f"{LONG} words of {benchmark}",
        f"Whether the prompt has a run of {LONG} words of a question of {benchmark}, with {FEWEST} different "
        "words in it.",
        of_all_rows,
        yes=f"with {LONG} words of {benchmark} in a row",
        no=f"without {LONG} words of {benchmark} in a row",
    )


def _equal(benchmark: str) -> Signal:
    return Signal(
        EQUAL + benchmark,
        BOOLEAN,
        f"Equal to {benchmark} without digits",
        f"Whether the prompt is equal to a question of {benchmark} when digits, signs and white space "
        f"of both are left out; questions of fewer than {FEWEST} different words never are.",
        of_all_rows,
        yes=f"equal to a question of {benchmark} without digits and signs",
        no=f"not equal to a question of {benchmark} without digits and signs",
    )
