"""How many tokens a text has, by the ``tokenizer.json`` of somebody's model.

Alone in meeting the package that reads it, which is an extra. Asks nobody: the file is local and its content
alone decides.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidInput

if TYPE_CHECKING:
    from tokenizers import Tokenizer as Read

AT_ONCE = 256  # texts that are counted together


@dataclass(frozen=True)
class Tokenizer:
    """A file of a tokenizer, with the hash of what it said when it was named."""

    path: Path
    digest: str

    def counts(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, none added before or behind it."""
        read, found = _read(self.path, self.digest), list[int]()
        for at in range(0, len(texts), AT_ONCE):
            own = [_sound(text) for text in texts[at : at + AT_ONCE]]
            some = read.encode_batch_fast(own, add_special_tokens=False)
            found += [len(each) for each in some]
        return found


def _sound(text: str) -> str:
    """A text without half a surrogate pair, which only JSON can say and no tokenizer takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def opened(path: Path) -> Tokenizer:
    """The tokenizer of a file. Raises InvalidInput where it is none, or where the package is not there."""
    if find_spec("tokenizers") is None:
        raise InvalidInput(
            "--tokenizer needs the package tokenizers: pip install 'thinklens[tokens]'"
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"--tokenizer {str(path)!r}: {error.strerror or error}") from None
    made = Tokenizer(path.absolute(), hashlib.blake2b(content, digest_size=12).hexdigest())
    _read(made.path, made.digest)
    return made


@lru_cache(1)
def _read(path: Path, digest: str) -> "Read":
    """What a file says. The package's own threads are as many as there are cores, for each process: a build
    has a process for each core already."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from tokenizers import Tokenizer as Read

    try:
        content = path.read_bytes()
        read: Read = Read.from_buffer(content)
    except Exception as error:  # the package raises nothing narrower
        reason = " ".join(str(error).split())[:120]
        raise InvalidInput(f"--tokenizer {str(path)!r} is no tokenizer.json: {reason}") from None
    if hashlib.blake2b(content, digest_size=12).hexdigest() != digest:
        raise InvalidInput(f"--tokenizer {str(path)!r} has changed since it was named")
    read.no_truncation()
    read.no_padding()
    return read
