"""The signals of a trace, a row each: how it stands, how long it is, whether it loops, what it does."""

from collections.abc import Callable

from ..fields import INTEGER, NUMBER, TEXT
from ..steps import CHANGED, CHECK, DOUBT, OTHER, RESULT
from ..trace_words import rules
from . import circles, loops
from .repetition import LOOPING, shares
from .signal import EACH_CHARACTER, Batch, Signal
from .traces import first_results_at, last_result, traces

_MARKED = (
    " the mark that the reading page has at them; of several messages those of the last with a trace, null "
    "without one. More is not better, nor is less."
)


def _shares(batch: Batch) -> list[float | None]:
    pairs = zip(batch.counts.reasoning, batch.counts.answer, strict=True)
    return [own / (own + answer) if own + answer else None for own, answer in pairs]


def _marks(kind: str) -> Callable[[Batch], list[int | None]]:
    """How many paragraphs of each trace have a mark."""

    def counted(batch: Batch) -> list[int | None]:
        return [each.count(kind) if each else None for each in batch.once(traces)]

    return counted


OF_TRACES = (
    Signal(
        "trace",
        TEXT,
        "Trace",
        f"How the reasoning trace stands: {rules()}. Of several assistant messages it is that of "
        "the last one with a trace.",
        lambda batch: [c.trace for c in batch.conversations],
    ),
    Signal(
        "reasoning_words",
        INTEGER,
        "Reasoning words",
        "Words of all reasoning traces" + EACH_CHARACTER,
        lambda batch: batch.counts.reasoning,
        beside="reasoning",
        of="reasoning",
        unit="word",
    ),
    Signal(
        "repetition",
        NUMBER,
        "Repetition",
        "The share of runs of eight words that stood before in the same text, 0 to 1 (Rae et "
        "al. 2021), in the last 1,200 characters of the trace, or of the last answer where there is "
        "none, or in 1,200 around its middle, whichever is more; null below 50 words. From "
        f"{LOOPING} on a trace is looping.",
        lambda batch: shares(batch.told),
    ),
    Signal(
        "circles",
        NUMBER,
        "Goes in circles",
        "How much of the trace goes over the same thoughts again in other words, 0 to 1: it is cut where "
        "lines begin with a turn (Wait, Actually, Let me check, Alternatively, So ...); of all pairs of "
        "pieces of 50 words and more that are at most 19 apart, the share whose pairs of content words have "
        f"a Jaccard similarity of {circles.NEAR}; null below {circles.FEWEST} pieces. From "
        f"{circles.CIRCLING} on it goes in circles, which repetition, of the same words, does not see (after "
        "filter_thinking_repetitions.py of allenai/open-instruct). Latin letters alone.",
        lambda batch: list(map(circles.circles, batch.traces)),
        beside="circles",
        said="circles",
    ),
    Signal(
        "most_repeated",
        INTEGER,
        "Most repeated sentence",
        "How often the commonest sentence of the trace stands in it, or that of the last answer where "
        f"there is no trace; of {loops.SHORTEST} characters and more, as it is written; null where there is "
        "none. It sees a loop wherever it stands, and headings of tables and code too: allenai/open-instruct "
        "drops a row from 40 on (filter_ngram_repetitions.py).",
        lambda batch: list(map(loops.most_repeated, batch.told)),
        beside="commonest sentence",
        of="commonest sentence",
        unit="time",
    ),
    Signal(
        "compression",
        NUMBER,
        "Compression",
        "Bytes of the trace, or of the last answer where there is none, by the bytes that zlib makes of it "
        f"at level 1: mostly 2 to 3; from about {loops.LOOPING:g} on a text loops, wherever that is, or is a "
        "table of numbers; null where there is no text.",
        lambda batch: list(map(loops.compression, batch.told)),
        said="compression",
    ),
    Signal(
        "doubts",
        INTEGER,
        "Doubts",
        "How many paragraphs of the trace take back or halt a thought (Wait, Hmm, Actually, Hold on ...):"
        + _MARKED,
        _marks(DOUBT),
        unit="doubt",
    ),
    Signal(
        "checks",
        INTEGER,
        "Checks",
        "How many paragraphs of the trace go over something again (Let me check, double-check, verify ...):"
        + _MARKED,
        _marks(CHECK),
        unit="check",
    ),
    Signal(
        "other_ways",
        INTEGER,
        "Other ways",
        "How many paragraphs of the trace turn to another way (Alternatively, On the other hand ...):"
        + _MARKED,
        _marks(OTHER),
        unit="other way",
    ),
    Signal(
        "results",
        INTEGER,
        "Results",
        "How many paragraphs of the trace state a result (a box, the answer is ..., a last So with a number):"
        + _MARKED,
        _marks(RESULT),
        unit="result",
    ),
    Signal(
        "result_changes",
        INTEGER,
        "Result changes",
        "How many paragraphs of the trace state another result than the last before, after a doubt, a "
        "check or another way:" + _MARKED,
        _marks(CHANGED),
        unit="result change",
    ),
    Signal(
        "first_result_at",
        NUMBER,
        "First result at",
        "Where the result that the trace ends with is first stated: the share of its words before that, 0 to "
        "1; null where it states none (a box, or the answer is ... with a number or letter). What comes "
        "after is checks and other ways (the computable part of outcome efficiency, arXiv 2412.21187).",
        lambda batch: first_results_at(batch.once(traces)),
        said="first result",
    ),
    Signal(
        "last_result",
        TEXT,
        "Last result",
        "The result that the trace states last, as it is written (a box, or the answer is ... with a number "
        "or letter), of several messages that of the last with a trace; null where it states none.",
        lambda batch: list(map(last_result, batch.once(traces))),
        said="last result",
    ),
    Signal(
        "reasoning_share",
        NUMBER,
        "Reasoning share",
        "Reasoning words as a share of reasoning and answer words together, 0 to 1; "
        "null where there are neither.",
        _shares,
    ),
)
