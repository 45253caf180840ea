"""A conversation: messages in order, each of a role and of typed parts. Plain values only.

Knows nothing of files, columns or indexes: ``formats`` makes these, ``web`` shows them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from . import reasoning
from .tags import THINK, Tags

TEXT, REASONING, TOOL_CALL, TOOL_RESULT = "text", "reasoning", "tool_call", "tool_result"
ATTACHMENT = "attachment"  # what is no text, such as a picture: known by its address

# The parts that are searched, as they are named in queries.
PROMPT, ANSWER = "prompt", "answer"


@dataclass(frozen=True)
class Part:
    """A typed piece of a message: "text", "reasoning", "tool_call", "tool_result" or "attachment"."""

    type: str
    text: str


@dataclass(frozen=True)
class Note:
    """Something of a row that was not understood: its ``kind`` ("role", "key", "json", "tool",
    "surrogate", "tag") and its name."""

    kind: str
    name: str


@dataclass(frozen=True)
class Call:
    """One tool call. ``arguments`` are an object, or the text that the source has for it; ``value`` is
    the call as the source has it, ``left_out`` how many arguments Arrow had filled with null."""

    name: str
    arguments: object
    value: object
    id: str = ""
    left_out: int = 0


@dataclass(frozen=True)
class Message:
    """One utterance. ``content`` is its source text; ``given`` are parts that the source keeps apart
    from it (a reasoning field, tool calls, attachments). ``answers`` is the id of the tool call that it
    answers, ``name`` that of the tool or speaker; ``attachments`` are as the source has them. ``tags``
    are the pairs that its dataset has around reasoning."""

    role: str
    content: str
    given: tuple[Part, ...] = ()
    answers: str = ""
    name: str = ""
    calls: tuple[Call, ...] = ()
    attachments: tuple[object, ...] = ()
    tags: tuple[Tags, ...] = (THINK,)

    @classmethod
    def plain(cls, role: str, content: str) -> "Message":
        """A message of no more than a role and a text. A build makes one for every turn: what the
        class has by default is not written into each of them."""
        made = cls.__new__(cls)
        made.__dict__.update(role=role, content=content)
        return made

    def tagged(self, tags: tuple[Tags, ...]) -> "Message":
        """The message as one of a dataset with these pairs."""
        if self.role != "assistant" or tags == self.tags:
            return self
        return replace(self, tags=tags)

    @cached_property
    def split(self) -> reasoning.Split:
        """The content in reasoning and answer; all answer for other roles than the assistant."""
        if self.role == "assistant":
            return reasoning.split(self.content, *self.tags)
        whole = (reasoning.Piece("answer", 0, len(self.content)),) if self.content else ()
        return reasoning.Split(self.content, reasoning.NONE, whole)

    @property
    def own_reasoning(self) -> str | None:
        """The reasoning that the source keeps in fields of its own, joined by a blank line."""
        if not self.given:
            return None
        own = [part.text for part in self.given if part.type == REASONING]
        return "\n\n".join(own) if own else None

    @property
    def inline(self) -> str:
        """The kind of the trace in the message's text; only in an assistant's is one looked for."""
        return self.split.trace if self.role == "assistant" else reasoning.NONE

    @property
    def trace(self) -> str:
        """The kind of the message's trace; reasoning in a field of its own counts as one."""
        if self.own_reasoning is None:
            return self.inline
        return reasoning.COMPLETE if self.inline == reasoning.NONE else reasoning.MULTIPLE

    @property
    def trace_text(self) -> str:
        """All reasoning of the message without tags: that of its own fields, then the inline one."""
        texts = (self.own_reasoning or "", self.split.reasoning)
        return "\n\n".join(text for text in texts if text)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The message in reading order; white space between two traces is no part."""
        if not self.given:
            return tuple(self._content_parts())
        before = tuple(part for part in self.given if part.type == REASONING)
        after = tuple(part for part in self.given if part.type != REASONING)
        return (*before, *self._content_parts(), *after)

    def _content_parts(self) -> Iterator[Part]:
        kinds = {"reasoning": REASONING, "answer": TOOL_RESULT if self.role == "tool" else TEXT}
        for piece in self.split.pieces:
            text = self.content[piece.start : piece.end]
            if piece.kind != "tag" and (text.strip() or piece.kind == "reasoning"):
                yield Part(kinds[piece.kind], text)


@dataclass(frozen=True)
class Standing:
    """How an answer stands beside others to the same question: what it is called, its score (None where
    the source has none), and what else is said of it, by name."""

    label: str = ""
    score: float | None = None
    said: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Alternative:
    """Another answer: its ``messages`` stand in the place of all behind the first ``shared`` ones of the
    conversation."""

    standing: Standing
    shared: int
    messages: tuple[Message, ...]

    def tagged(self, tags: tuple[Tags, ...]) -> "Alternative":
        """The answer as one of a dataset with these pairs."""
        return replace(self, messages=tuple(each.tagged(tags) for each in self.messages))


@dataclass(frozen=True)
class Conversation:
    """The messages of one row, and what its reader did not understand; ``alternatives`` are other
    answers than the one that it ends with, which stands beside them as ``standing`` says."""

    messages: tuple[Message, ...]
    notes: tuple[Note, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    standing: Standing = Standing()

    def tagged(self, tags: tuple[Tags, ...]) -> "Conversation":
        """The conversation as one of a dataset with these pairs."""
        return replace(
            self,
            messages=tuple(each.tagged(tags) for each in self.messages),
            alternatives=tuple(each.tagged(tags) for each in self.alternatives),
        )

    @cached_property
    def prompt(self) -> str:
        """The first user message."""
        return next((m.content for m in self.messages if m.role == "user"), "")

    @cached_property
    def response(self) -> Message | None:
        """The last assistant message."""
        return self._last(lambda message: True)

    def _last(self, holds: Callable[[Message], bool]) -> Message | None:
        """The last assistant message of which something holds."""
        spoken = (m for m in reversed(self.messages) if m.role == "assistant")
        return next(filter(holds, spoken), None)

    @cached_property
    def traced(self) -> Message | None:
        """The last assistant message that has a trace: the signals of a trace are its."""
        return self._last(lambda message: message.trace != reasoning.NONE)

    @cached_property
    def answered(self) -> Message | None:
        """The last assistant message whose answer has text: the signals of an answer are its."""
        return self._last(lambda message: bool(message.split.answer))

    @property
    def trace(self) -> str:
        """The kind of trace of ``traced``; "none" only where no assistant message has one.

        "multiple" are traces within one message: several messages with one each are not.
        """
        return self.traced.trace if self.traced else reasoning.NONE

    @property
    def stray_tags(self) -> int:
        """How many reasoning tags are left outside code in the answers of all assistant messages."""
        return sum(len(m.split.stray) for m in self.messages if m.role == "assistant")

    @property
    def not_understood(self) -> tuple[Note, ...]:
        """What of the row was not understood, the tags that are left in answers among it."""
        spoken = (m for m in self.messages if m.role == "assistant")
        return (*self.notes, *(Note("tag", tag) for m in spoken for tag in m.split.stray))

    @cached_property
    def turns(self) -> int:
        """How many user messages there are."""
        return sum(message.role == "user" for message in self.messages)

    @cached_property
    def texts(self) -> dict[str, str]:
        """The searched text of each part; pieces are joined by a blank line.

        ``prompt``: all user and system text. ``reasoning``: all of the assistant's. ``answer``: all
        other text, that of tools too.
        """
        found: dict[str, list[str]] = {PROMPT: [], REASONING: [], ANSWER: []}
        for message in self.messages:
            side = PROMPT if message.role in ("user", "system") else ANSWER
            if side == PROMPT and not message.given:  # one part, or none
                found[PROMPT].append(message.content if message.content.strip() else "")
                continue
            for part in message.parts:
                text = part.text if side == PROMPT else part.text.strip()
                found[REASONING if part.type == REASONING else side].append(text)
        return {part: "\n\n".join(text for text in texts if text) for part, texts in found.items()}
