"""What a curator looks at first: faults that rows may have, each a filter of one field. Pure.

A fault whose field a dataset has not is none of it. To say of a row that it has a fault is to count, not to
judge: some are what a dataset is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ...conversations.fields import Field
from ...conversations.signals.repetition import LOOPING
from ...errors import InvalidInput
from . import filters
from .filters import Filter


@dataclass(frozen=True)
class Fault:
    """A fault: ``field`` is what it is told by, or begins the names of fields that tell one each (it ends
    with a full stop); ``condition`` stands behind the field's name in the filter, ``sign`` before it.
    ``title`` says it to people, ``short`` heads a column."""

    name: str
    field: str
    condition: str
    title: str
    short: str
    sign: str = ""


@dataclass(frozen=True)
class Known:
    """A fault that a dataset can have, by its name there, with its filter."""

    fault: Fault
    name: str
    filter: Filter


FAULTS = (
    Fault("cut_off", "trace", "unclosed", "The trace is cut off", "cut off"),
    Fault("no_answer", "answer_words", "0", "There is no answer", "no answer"),
    Fault("stray_tags", "stray_tags", ">0", "Reasoning tags are left in the answer", "stray tags"),
    Fault("looping", "repetition", f">={LOOPING}", "The text is looping", "looping"),
    Fault("circles", "circles", ">=0.2", "The trace goes in circles", "circles"),
    Fault("answer_breaks_off", "answer_cut", "true", "The answer breaks off", "breaks off"),
    Fault(
        "result_disagrees",
        "result_disagrees",
        "true",
        "The answer's result is not the trace's",
        "result differs",
    ),
    Fault("refusal", "refusal", "true", "The answer is a refusal", "refusal"),
    Fault(
        "flag_disagrees",
        "flag_disagrees",
        "true",
        "The completeness flag disagrees with the text",
        "flag differs",
    ),
    Fault(
        "languages_differ",
        "languages_differ",
        "true",
        "Prompt, trace and answer differ in language",
        "languages differ",
    ),
    Fault(
        "foreign_script",
        "foreign_script",
        ">=0.05",
        "The response has a script that the prompt has not",
        "foreign script",
    ),
    Fault("copies", "prompt_copies", ">1", "The prompt stands in other rows too", "copies"),
    Fault(
        "near_copies",
        "near_prompt",
        "null",
        "The prompt is nearly that of another row",
        "near copies",
        "-",
    ),
    Fault("overlap", "overlap.", ">=0.5", "The prompt overlaps with a benchmark", "overlap"),
    Fault(
        "identity",
        "identity",
        "null",
        "The text names a provider or model as its maker",
        "identity",
        "-",
    ),
    Fault("odd_chat", "odd_chat", "true", "The turns are not those of a chat", "odd chat"),
    Fault(
        "not_understood",
        "not_understood",
        ">0",
        "Something of the row was not understood",
        "not understood",
    ),
)


def known(fields: Mapping[str, Field]) -> tuple[Known, ...]:
    """The faults that a dataset of these fields can have, in the order of the table. A field that is only
    called like one that tells a fault, and is of another kind, tells none."""
    return tuple(
        Known(each, name if each.field.endswith(".") else each.name, taken)
        for each in FAULTS
        for name in _told_by(each, fields)
        if (taken := _taken(f"{each.sign}{name}:{each.condition}", fields)) is not None
    )


def _told_by(fault: Fault, fields: Mapping[str, Field]) -> list[str]:
    if fault.field.endswith("."):
        return [name for name in fields if name.startswith(fault.field)]
    return [fault.field] if fault.field in fields else []


def _taken(text: str, fields: Mapping[str, Field]) -> Filter | None:
    try:
        return filters.parse(text, fields)
    except InvalidInput:
        return None
