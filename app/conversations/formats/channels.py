"""Harmony's channels: several entries that are one assistant's turn, as one entry. Plain values.

``analysis`` is the reasoning of what follows it, ``commentary`` to ``functions.x`` a call of x.
"""

from collections.abc import Mapping, Sequence

_FUNCTIONS = "functions."


def has_channels(entries: Sequence[object]) -> bool:
    """Whether any entry stands in a channel."""
    return any(isinstance(each, Mapping) and each.get("channel") for each in entries)


def is_analysis(entry: Mapping[str, object]) -> bool:
    """Whether an entry is reasoning as a whole."""
    return entry.get("channel") == "analysis"


def joined(entries: Sequence[object]) -> list[object]:
    """The entries, each analysis a key of what follows it, and calls as calls."""
    made: list[object] = []
    thoughts: list[str] = []
    for entry in entries:
        channel = entry.get("channel") if isinstance(entry, Mapping) else None
        if not isinstance(entry, Mapping) or entry.get("role") != "assistant":
            made += _alone(thoughts)
            made.append(_without_channel(entry))
        elif channel == "analysis":
            thoughts.append(str(entry.get("content") or ""))
        else:
            made.append(_spoken(entry, thoughts))
            thoughts = []
    return [*made, *_alone(thoughts)]


def _alone(thoughts: list[str]) -> list[object]:
    """Reasoning that nothing of the assistant's follows."""
    if not thoughts:
        return []
    alone = {"role": "assistant", "content": "", "reasoning_content": "\n\n".join(thoughts)}
    thoughts.clear()
    return [alone]


def _spoken(entry: Mapping[str, object], thoughts: Sequence[str]) -> dict[str, object]:
    made = _without(entry)
    recipient = entry.get("recipient")
    if isinstance(recipient, str) and recipient.startswith(_FUNCTIONS):
        call = {"name": recipient.removeprefix(_FUNCTIONS), "arguments": made.get("content")}
        made |= {"content": "", "tool_calls": [call]}
    if thoughts:
        made["reasoning_content"] = "\n\n".join(thoughts)
    return made


def _without_channel(entry: object) -> object:
    return _without(entry) if isinstance(entry, Mapping) else entry


def _without(entry: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in entry.items() if key not in ("channel", "recipient")}
