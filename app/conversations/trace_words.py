"""The kinds of a trace as people read them; addresses, JSON and manifests keep the kinds' own names."""

from dataclasses import dataclass

from .reasoning import COMPLETE, EMPTY, MULTIPLE, NONE, UNCLOSED, UNOPENED
from .tags import THINK


@dataclass(frozen=True)
class Words:
    """How a kind is said. ``word``: after "trace"; ``rule``: when it is this kind; ``found``: of the
    one trace of a row; ``one`` and ``more``: after a number of traces."""

    word: str
    rule: str
    found: str
    one: str
    more: str


TRACE_WORDS = {
    COMPLETE: Words("complete", "", "the trace is complete", "is complete", "are complete"),
    UNCLOSED: Words(
        "cut off", f"before {THINK.closing}", "the trace was cut off", "is cut off", "are cut off"
    ),
    UNOPENED: Words(
        "never opened",
        f"{THINK.closing} without {THINK.opening}",
        "the trace was never opened",
        "was never opened",
        "were never opened",
    ),
    EMPTY: Words("empty", "", "the trace is empty", "is empty", "are empty"),
    MULTIPLE: Words(
        "several",
        "two or more",
        "there are several traces",
        "is one of several in an answer",
        "are several in one answer",
    ),
    NONE: Words("none", "", "there is no trace", "is missing", "are missing"),
}


def trace_words(kind: str) -> str:
    """A kind as it is said after "trace"; a text that is no kind as it is."""
    return TRACE_WORDS[kind].word if kind in TRACE_WORDS else kind


def rules() -> str:
    """All kinds with their rules, as a sentence lists them."""
    said = [
        f"{each.word} ({each.rule})" if each.rule else each.word for each in TRACE_WORDS.values()
    ]
    return "; ".join(said)
