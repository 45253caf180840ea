"""A question and an answer in columns of their own, and what stands in columns beside them.

Finds these columns, makes messages of them and writes them back. Knows nothing of lists of turns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from .. import json_text
from ..arrow import is_text
from ..model import REASONING as REASONING_PART
from ..model import Message, Part
from .format import Change
from .looked import Looked, Record
from .roles import ASSISTANT, SYSTEM, USER

PROMPT, RESPONSE, CONTEXT, REASONING, SYSTEM_SLOT = (
    "prompt",
    "response",
    "context",
    "reasoning",
    "system",
)

QUESTIONS = ("prompt", "instruction", "question", "problem", "query", "user", "input", "inputs")
ANSWERS = (
    *("response", "completion", "output", "llm_response", "generated_solution", "generation"),
    *("answer", "final", "assistant", "content", "solution", "targets", "model_answer"),
)
_CONTEXTS = ("input", "context")  # behind an instruction
_REASONINGS = (
    *("reasoning_content", "reasoning", "thinking", "think", "thoughts", "analysis"),
    *("chain_of_thought", "cot", "rationale"),
)
# Two columns of one stem are an answer and its reasoning: ``deepseek_attempt``, ``deepseek_thoughts``.
_REASONING_ENDS = ("_reasoning", "_thinking_trajectory", "_thinking", "_thoughts", "_cot")
_ANSWER_ENDS = ("_answer", "_solution", "_attempt", "_response")
_IDS = (
    *("conversation_id", "id", "uuid", "conversation_hash", "question_id", "prompt_id"),
    *("message_id", "response_id", "problem_id"),
)


def stems(looked: Looked) -> list[tuple[str, str]]:
    """The pairs of columns of one stem: the answer and its reasoning, which is prose."""
    found = []
    for name in looked.schema.names:
        end = next((e for e in _REASONING_ENDS if name.casefold().endswith(e)), "")
        if not end or not is_text(looked.kind(name)) or not looked.is_prose(name):
            continue
        stem = name[: -len(end)]
        answers = (looked.column(stem + each) for each in _ANSWER_ENDS)
        answer = next((each for each in answers if each and is_text(looked.kind(each))), "")
        if answer:
            found.append((answer, name))
    return found


def question_of(looked: Looked) -> str:
    """The column of the question; "" for none."""
    return looked.slot(PROMPT, QUESTIONS)


def answer_of(looked: Looked, question: str = "") -> tuple[str, str]:
    """The columns of the answer and of its reasoning; "" for none."""
    pairs = stems(looked)
    if RESPONSE in looked.told.columns:
        answer = looked.named(RESPONSE)
    elif pairs:
        answer = pairs[0][0]
    else:
        answer = looked.slot(RESPONSE, [each for each in ANSWERS if each != question.casefold()])
    return answer, _reasoning_of(looked, answer, pairs) if answer else ""


def _reasoning_of(looked: Looked, answer: str, pairs: Sequence[tuple[str, str]]) -> str:
    if REASONING in looked.told.columns:
        return looked.named(REASONING)
    own = next((thoughts for each, thoughts in pairs if each == answer), "")
    found = own or looked.slot(REASONING, _REASONINGS)
    return found if found and found != answer and looked.is_prose(found) else ""


def beside_of(looked: Looked, question: str, taken: Sequence[str]) -> dict[str, str]:
    """The slots of a context behind an instruction, and of a system text."""
    found = {}
    if question.casefold() == "instruction" or CONTEXT in looked.told.columns:
        found[CONTEXT] = looked.slot(CONTEXT, _CONTEXTS)
    found[SYSTEM_SLOT] = looked.slot(SYSTEM_SLOT, ("system",))
    return {slot: name for slot, name in found.items() if name and name not in taken}


def identity_of(looked: Looked) -> dict[str, str]:
    """The column that holds the conversations' ids, as a slot: texts, UUIDs or whole numbers, mostly
    distinct."""
    if "id" in looked.told.columns:
        return {"id": name} if (name := looked.named("id")) else {}
    for each in _IDS:
        name = looked.column(each)
        if name and _can_tell(looked.kind(name)) and (each == _IDS[0] or looked.are_distinct(name)):
            return {"id": name}
    return {}


def _can_tell(kind: pa.DataType | None) -> bool:
    if kind is not None and pa.types.is_dictionary(kind):
        kind = kind.value_type
    told = is_text(kind) or isinstance(kind, pa.UuidType)
    return told or (kind is not None and pa.types.is_integer(kind))


def other_slots(looked: Looked) -> dict[str, str]:
    """The columns beside the text that are known by their names alone."""
    found = {}
    for slot in ("metadata", "tools", "split"):
        name = looked.named(slot) if slot in looked.told.columns else looked.column(slot)
        if name:
            found[slot] = name
    return found


@dataclass(frozen=True)
class Sides:
    """A question and its answer by the columns of a layout's slots."""

    slots: Mapping[str, str]

    def column(self, slot: str) -> str:
        """The column of a slot; "" for none."""
        return self.slots.get(slot, "")

    def system(self, record: Record) -> Iterator[Message]:
        """The system message that a row has beside its text."""
        text = record.get(self.column(SYSTEM_SLOT))
        if isinstance(text, str) and text.strip():
            yield Message.plain(SYSTEM, text)

    def asked(self, record: Record) -> Iterator[Message]:
        """The question, with its context behind it."""
        prompt, context = record.get(self.column(PROMPT)), record.get(self.column(CONTEXT))
        if context is None and isinstance(prompt, str):
            yield Message.plain(USER, prompt)
            return
        texts = [text_of(each) for each in (prompt, context) if each is not None and each != ""]
        if prompt is not None or texts:
            yield Message.plain(USER, "\n\n".join(texts))

    def answered(self, record: Record) -> Iterator[Message]:
        """The answer, with its reasoning where that has a column."""
        answer = record.get(self.column(RESPONSE))
        thoughts = record.get(self.column(REASONING))
        own = thoughts if isinstance(thoughts, str) and thoughts.strip() else ""
        if own:
            given = (Part(REASONING_PART, own),)
            yield Message(ASSISTANT, "" if answer is None else text_of(answer), given)
        elif answer is not None:
            yield Message.plain(ASSISTANT, text_of(answer))

    def changed(self, made: dict[str, object], record: Record, change: Change) -> None:
        """Write the answer without its reasoning or with it inline, whose column is null then. An
        answer that is no text has no room for it: then its column stays."""
        name = self.column(RESPONSE)
        for message in self.answered(record):
            said = change(message)
            room = isinstance(record.get(name), str) or (said.inline and record.get(name) is None)
            if room:
                made[name] = said.content
            if message.own_reasoning is not None and (room or not said.inline):
                made[self.column(REASONING)] = None


def text_of(value: object) -> str:
    """A text as it is, any other value as JSON."""
    return value if isinstance(value, str) else json_text.written(value, indent=True)
