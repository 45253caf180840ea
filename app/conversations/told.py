"""The user's word on a dataset: from options of the command line, and from LLaMA-Factory's
``dataset_info.json``, to a ``Told``. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence

import orjson

from ..errors import InvalidInput, Unreadable
from .formats.looked import Told
from .formats.roles import NAMES
from .tags import Tags
from .tokenizer import Tokenizer

INFO = "dataset_info.json"
SLOTS = (
    *("messages", "prompt", "context", "response", "reasoning", "system", "tools"),
    *("chosen", "rejected", "id", "split", "metadata", "history"),
)
KEYS = ("role", "content")
# LLaMA-Factory's names for columns, where they are others than ours.
_COLUMNS = {"query": "context"}
_SHAREGPT = {"role": "from", "content": "value"}
_ROLE_TAGS = {
    "user_tag": "user",
    "assistant_tag": "assistant",
    "observation_tag": "tool",
    "system_tag": "system",
}


def of_options(
    name: str = "",
    columns: Iterable[str] = (),
    tags: Iterable[tuple[str, str]] = (),
    roles: Iterable[str] = (),
    keys: Iterable[str] = (),
    strict: bool = False,
    config_name: str = "",
    info: bytes = b"",
    tokenizer: Tokenizer | None = None,
) -> Told:
    """What options say; ``info`` is the text of a ``dataset_info.json``. Raises InvalidInput for what is
    none."""
    said = dict(_pair("--column", each, SLOTS) for each in columns)
    meant = dict(_pair("--role", each, tuple(NAMES)) for each in roles)
    named = dict(_pair("--key", each, KEYS) for each in keys)
    pairs = tuple(_tags(*each) for each in tags)
    roles_of = {name: role for role, name in meant.items()}
    return Told(name, said, pairs, roles_of, named, strict, config_name, info, tokenizer)


def _pair(option: str, text: str, known: Sequence[str]) -> tuple[str, str]:
    """``response=answer`` as its two sides."""
    left, equals, right = text.partition("=")
    if not equals or left not in known:
        names = ", ".join(known)
        raise InvalidInput(f"{option} {text!r} is no NAME=VALUE, where NAME is one of {names}")
    return left, right


def _tags(opening: str, closing: str) -> Tags:
    if not opening.strip() or not closing.strip() or opening == closing:
        raise InvalidInput("--tags takes two different texts: what opens and what closes a trace")
    return Tags(opening, closing)


def of_info(raw: bytes, *names: str) -> Told | None:
    """What a ``dataset_info.json`` says of a file, by the names that it may have there; None where it
    says nothing. Raises Unreadable where it is no JSON."""
    entries = _entries(raw)
    entry = next(
        (e for e in entries if any(_is_of(e.get("file_name"), name) for name in names)), None
    )
    return None if entry is None else _told(entry)


def files_of(raw: bytes) -> list[str]:
    """The files that a ``dataset_info.json`` names. Raises Unreadable where it is no JSON."""
    return [name for each in _entries(raw) if isinstance(name := each.get("file_name"), str)]


def _entries(raw: bytes) -> list[dict[str, object]]:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"a {INFO} beside it that is no JSON: {error}") from None
    return (
        [each for each in found.values() if isinstance(each, dict)]
        if isinstance(found, dict)
        else []
    )


def _is_of(name: object, file: str) -> bool:
    """Whether a name there is that of a file, or of a folder that it stands in."""
    return isinstance(name, str) and (file == name or file.startswith(name.rstrip("/") + "/"))


def _told(entry: Mapping[str, object]) -> Told:
    given, tags = _object(entry, "columns"), _object(entry, "tags")
    columns = {_COLUMNS.get(slot, slot): name for slot, name in given.items()}
    keys: dict[str, str] = {}
    if entry.get("formatting") == "sharegpt":
        columns.setdefault("messages", "conversations")
        keys = {key: str(tags.get(f"{key}_tag", usual)) for key, usual in _SHAREGPT.items()}
    roles = {name: role for tag, role in _ROLE_TAGS.items() if (name := str(tags.get(tag) or ""))}
    thought = tags.get("thought")
    pairs = (_tags(*map(str, thought)),) if isinstance(thought, list) and len(thought) == 2 else ()
    known = {slot: str(name) for slot, name in columns.items() if slot in SLOTS}
    return Told("", known, pairs, roles, keys)


def _object(entry: Mapping[str, object], key: str) -> dict[str, object]:
    found = entry.get(key)
    return found if isinstance(found, dict) else {}
