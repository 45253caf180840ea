"""Tool calls and their results that stand in a turn's text, as some models write them.

Hermes' ``<tool_call>`` and ``<tool_response>``, Glaive's ``<functioncall>``, and ToolACE's whole answers
of ``[name(key=value)]``. Knows an entry and its text; nothing of lists or columns.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import replace

from ..model import Call, Message
from . import calls, contents, edits, filling
from .roles import ASSISTANT, TOOL

_CALL, _RESPONSE, _GLAIVE = "<tool_call>", "<tool_response>", "<functioncall>"
_BOTH_END = "call>"  # what both tags end with, so that a text is gone through once
_RESPONSES = re.compile(r"\s*<tool_response>(.*?)</tool_response>\s*", re.DOTALL)
_QUOTED = re.compile(r"\"arguments\":\s*'(.*)'\s*\}\s*\Z", re.DOTALL)
_LONGEST = 20_000  # characters of an answer that may be calls as Python writes them


def may_hold(role: str | None, content: object) -> bool:
    """Whether a text may hold what ``read`` reads."""
    if not isinstance(content, str):
        return False
    if role == TOOL:
        return _RESPONSE in content
    if role != ASSISTANT:
        return False
    called = _BOTH_END in content and (_CALL in content or _GLAIVE in content)
    return called or _may_be_python(content)


def read(
    made: Message, entry: Mapping[str, object], content: str, tell: contents.Tell, nulls: bool
) -> Message:
    """The message of such a turn; a text that holds none after all stays as it is."""
    if made.role == TOOL:
        inside = _RESPONSES.sub(lambda match: match[1].strip() + "\n", content).strip()
        answers, name = str(entry.get("tool_call_id") or ""), str(entry.get("name") or "")
        return replace(made, content=inside, answers=answers, name=name)
    text, found = _called(content, tell)
    found = [*found, *filling.keyed_calls(entry, tell, nulls)]
    return filling.with_calls(replace(made, content=text), found, edits.own_reasoning(entry))


def _called(content: str, tell: contents.Tell) -> tuple[str, list[Call]]:
    """What a text says before its calls, and these."""
    if _CALL in content:
        return calls.of_turn(content, tell)
    before, mark, said = content.partition(_GLAIVE)
    if mark:
        said = _QUOTED.sub(_as_json, said.replace("<|endoftext|>", "").strip())
        return before, list(calls.listed(said, tell))
    found = of_python(content)
    return ("", found) if found else (content, [])


def _as_json(match: re.Match[str]) -> str:
    """Arguments in single quotes, as the object that stands in them."""
    return f'"arguments": {match[1]}}}'


def _may_be_python(content: str) -> bool:
    text = content.strip()
    return len(text) <= _LONGEST and text.startswith("[") and text.endswith(")]")


def of_python(content: str) -> list[Call]:
    """The calls of a text that is ``[name(key=value), ...]``; none where it is anything else."""
    try:
        found = ast.parse(content.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    if not isinstance(found, ast.List) or not found.elts:
        return []
    made = [_of_node(each) for each in found.elts]
    return [] if any(each is None for each in made) else [each for each in made if each is not None]


def _of_node(node: ast.expr) -> Call | None:
    if not isinstance(node, ast.Call) or node.args:
        return None
    name = ast.unparse(node.func)
    try:
        arguments = {str(each.arg): ast.literal_eval(each.value) for each in node.keywords}
    except (ValueError, TypeError, RecursionError, MemoryError):
        return None
    return Call(name, arguments, {"name": name, "arguments": arguments})
