"""Whole conversations rendered as one text: from a text to its turns, and back without what is taken out.

Knows the marks that models' templates put around a turn; nothing of columns.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Entry = dict[str, object]


@dataclass(frozen=True)
class Spoken:
    """A turn of a text: ``entry`` has role and content, start..end is the content in the text, and
    first..last all that the turn takes."""

    entry: Entry
    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True)
class Rendering:
    """A way to render turns: how a text begins that is one, and its turns."""

    said: str
    begins: re.Pattern[str]
    turns: Callable[[str], Iterator[Spoken]]


_HARMONY = re.compile(
    r"<\|start\|>([^<\s]+)(?: to=([^<\s]+))?(?:<\|channel\|>(\w+)(?: to=([^<\s]+))?)?"
    r"[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>(.*?)(?:<\|(?:end|return|call)\|>|\Z)",
    re.DOTALL,
)
_CHATML = re.compile(
    r"<\|im_start\|>([^\n]*)\n?(.*?)(?:<\|im_end\|>|(?=<\|im_start\|>)|\Z)", re.DOTALL
)
_LLAMA3 = re.compile(
    r"<\|start_header_id\|>([^<]*)<\|end_header_id\|>\s*(.*?)(?:<\|eo[tm]_id\|>|\Z)", re.DOTALL
)
_LLAMA2 = re.compile(
    r"\[INST\]((?:(?!\[/?INST\]).)*)(?:\[/INST\]|(?=\[INST\])|\Z)"
    r"(.*?)(?=(?:</s>\s*)?(?:<s>\s*)?\[INST\]|\Z)",
    re.DOTALL,
)
_LLAMA2_SYSTEM = re.compile(r"\s*<<SYS>>(.*?)<</SYS>>", re.DOTALL)
_HASHED = re.compile(r"### ?(System|Human|User|Assistant|Response|Instruction): ?")
_NAMED = re.compile(r"(?:\A|\n)[ \t]*(Human|User|Assistant|System): ?")
_GLAIVE = re.compile(r"(?:\A|\n)[ \t]*(SYSTEM|USER|ASSISTANT|FUNCTION RESPONSE): ?")
_ROLES = {
    "Instruction": "user",
    "Response": "assistant",
    "FUNCTION RESPONSE": "tool",
}
_ENDS = ("<|endoftext|>", "</s>")
_MOST_ENDS = 4  # marks behind one turn


def _matched(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Spoken]]:
    """Turns that each are a match of role and content."""

    def turns(text: str) -> Iterator[Spoken]:
        for match in pattern.finditer(text):
            entry: Entry = {"role": match[1].strip(), "content": match[2]}
            yield Spoken(entry, *match.span(2), *match.span())

    return turns


def _harmony(text: str) -> Iterator[Spoken]:
    for match in _HARMONY.finditer(text):
        role, content = match[1], match[5]
        entry: Entry = {
            "role": "tool" if role.startswith("functions.") else role,
            "content": content,
        }
        if match[3]:
            entry["channel"] = match[3]
        if recipient := match[2] or match[4]:
            entry["recipient"] = recipient
        if role.startswith("functions."):
            entry["name"] = role.removeprefix("functions.")
        yield Spoken(entry, *match.span(5), *match.span())


def _llama2(text: str) -> Iterator[Spoken]:
    for match in _LLAMA2.finditer(text):
        start, end = match.span(1)
        if system := _LLAMA2_SYSTEM.match(text, start, end):
            yield _spoken("system", text, *system.span(1), *system.span())
            start = system.end()
        yield _spoken("user", text, start, end, start, end)
        yield _spoken("assistant", text, *match.span(2), *match.span(2))


def _marked(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Spoken]]:
    """Turns that each begin with a mark, and go on to the next."""

    def turns(text: str) -> Iterator[Spoken]:
        marks = list(pattern.finditer(text))
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        for mark, end in zip(marks, ends, strict=True):
            role = _ROLES.get(mark[1], mark[1].casefold())
            yield _spoken(role, text, mark.end(), end, mark.start(), end)

    return turns


def _spoken(role: str, text: str, start: int, end: int, first: int, last: int) -> Spoken:
    """A turn, white space and marks of its end aside."""
    content = text[start:end]
    start += len(content) - len(content.lstrip())
    content = content.strip()
    for _ in range(_MOST_ENDS):
        content = next(
            (content.removesuffix(e) for e in _ENDS if content.endswith(e)), content
        ).rstrip()
    return Spoken({"role": role, "content": content}, start, start + len(content), first, last)


GLAIVE = Rendering(
    "USER: and ASSISTANT:", re.compile(r"\s*(?:SYSTEM|USER|ASSISTANT):"), _marked(_GLAIVE)
)
RENDERINGS = (
    Rendering("Harmony", re.compile(r"\s*<\|start\|>"), _harmony),
    Rendering("ChatML", re.compile(r"\s*(?:<s>)?<\|im_start\|>"), _matched(_CHATML)),
    Rendering(
        "Llama 3",
        re.compile(r"\s*(?:<\|begin_of_text\|>)?<\|start_header_id\|>"),
        _matched(_LLAMA3),
    ),
    Rendering("Llama 2", re.compile(r"\s*(?:<s>)?\s*\[INST\]"), _llama2),
    Rendering(
        "### Human:", re.compile(r"\s*### ?(?:System|Human|User|Instruction):"), _marked(_HASHED)
    ),
    Rendering("Human:", re.compile(r"\s*(?:Human|User|System):"), _marked(_NAMED)),
)


def rendering_of(text: str) -> Rendering | None:
    """How a text was rendered; None where it is none that is known."""
    return next((each for each in RENDERINGS if each.begins.match(text)), None)


def turns_of(text: str, rendering: Rendering | None = None) -> list[Spoken]:
    """The turns of a text; none where it is no rendering that is known."""
    rendering = rendering or rendering_of(text)
    return list(rendering.turns(text)) if rendering else []


def rewritten(text: str, spoken: list[Spoken], contents: Mapping[int, str | None]) -> str:
    """The text with other contents of some turns, by their place; None takes the whole turn out."""
    made, at = [], 0
    for place, each in enumerate(spoken):
        if place not in contents:
            continue
        content = contents[place]
        start, end = (each.first, each.last) if content is None else (each.start, each.end)
        made += [text[at:start], content or ""]
        at = end
    return "".join([*made, text[at:]])
