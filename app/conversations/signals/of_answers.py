"""The signals of an answer, a row each: its length, its end, what it says of its result and of itself."""

from ..fields import BOOLEAN, INTEGER, LIST
from .boxes import boxes
from .endings import breaks_off
from .identities import cutoff, identities
from .refusals import is_refusal
from .signal import EACH_CHARACTER, Batch, Signal
from .traces import result_disagrees, traces


def _disagree(batch: Batch) -> list[bool | None]:
    return list(map(result_disagrees, batch.once(traces), batch.answers))


OF_ANSWERS = (
    Signal(
        "answer_words",
        INTEGER,
        "Answer words",
        "Words of all answers, traces left out" + EACH_CHARACTER,
        lambda batch: batch.counts.answer,
        beside="answer",
        of="answer",
        unit="word",
    ),
    Signal(
        "answer_cut",
        BOOLEAN,
        "Answer breaks off",
        "Whether the last answer breaks off: its last line leaves a code fence, a row of a table, bold text, "
        "a bracket or a formula open, ends with a word like the, of, and, or is prose of eight words and "
        "more without an end mark of any script, where what is before it has one; null without an answer.",
        lambda batch: list(map(breaks_off, batch.answers)),
        said="answer",
        yes="answer breaks off",
        no="answer does not break off",
    ),
    Signal(
        "result_disagrees",
        BOOLEAN,
        "Result disagrees",
        "Whether the trace's last three paragraphs state a result (a box, or the answer is ... with a number "
        "or letter), the last answer states others alone, and has that of the trace nowhere; null where one "
        "of them states none. It does not say which is right.",
        _disagree,
        said="result",
        yes="answer contradicts its trace",
        no="answer and trace agree",
    ),
    Signal(
        "boxed",
        INTEGER,
        "Boxed results",
        r"How many \\boxed{} the last answer has; null without an answer. Graders of mathematics look for "
        "one: of several some take the last (NeMo-Skills), some drop the row (OpenThoughts); an empty box is "
        "counted, and is no answer to any.",
        lambda batch: list(map(boxes, batch.answers)),
        unit="boxed result",
    ),
    Signal(
        "stray_tags",
        INTEGER,
        "Stray tags",
        "Reasoning tags left in the answers outside code, of any pair that models use: a <think> "
        "in prose, a second </think>.",
        lambda batch: [c.stray_tags for c in batch.conversations],
        unit="stray tag",
    ),
    Signal(
        "refusal",
        BOOLEAN,
        "Refusal",
        "Whether the last answer begins by declining (regret and an inability near it, or that "
        "it cannot help, answer, provide ... at its very start), by words of ten languages in its "
        "first 240 characters; null without an answer.",
        lambda batch: list(map(is_refusal, batch.answers)),
        yes="refusal",
        no="no refusal",
    ),
    Signal(
        "identity",
        LIST,
        "Claimed identity",
        "Names of providers and models that the last answer or its trace claims to be or to be made by (I am "
        "..., as an AI developed by ...), in ten languages; null where there is none. A text about a company "
        "claims nothing.",
        lambda batch: list(map(identities, batch.traces, batch.answers)),
        said="claimed identity",
    ),
    Signal(
        "cutoff",
        INTEGER,
        "Knowledge cut-off",
        "The year up to which the last answer, or its trace, says that it knows (knowledge cutoff, as of my "
        "last update in, my training data goes up to ...), the first that is told; null where none is.",
        lambda batch: list(map(cutoff, batch.answers, batch.traces)),
        said="knowledge cut-off",
        year=True,
    ),
)
