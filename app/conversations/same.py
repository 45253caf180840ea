"""When texts are the same: compared as search compares them, each run of white space as one space, ends
trimmed. Words alone would make ``5 - 3`` and ``5 + 3`` one. Pure.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from .model import ANSWER, PROMPT, REASONING, Conversation
from .words import normalise

Hashes = npt.NDArray[np.uint64]

WIDTH = 8  # bytes of a hash
NOTHING = 0  # in the place of a hash, where there is no text


def plain(text: str) -> str:
    """A text as it is compared."""
    return " ".join(normalise(text).split())


def hash_of(*texts: str) -> int:
    """64 bits of texts that are plain already, in order; NOTHING where all of them are empty."""
    if not any(texts):
        return NOTHING
    said = "\0".join(texts).encode("utf-8", "replace")
    return int.from_bytes(blake2b(said, digest_size=WIDTH).digest(), "little") or 1


def hashes(conversations: Sequence[Conversation]) -> dict[str, Hashes]:
    """Of each conversation the hash of its prompt, of its response (reasoning and answer), and of the
    whole, which is also of who speaks when."""
    found = np.array(list(map(_hashes, conversations)), np.uint64).reshape(-1, 3)
    return dict(zip(("prompt", "response", "conversation"), found.T, strict=True))


def _hashes(conversation: Conversation) -> tuple[int, int, int]:
    prompt, *response = (plain(conversation.texts[part]) for part in (PROMPT, REASONING, ANSWER))
    roles = " ".join(message.role for message in conversation.messages)
    return hash_of(prompt), hash_of(*response), hash_of(roles, prompt, *response)
