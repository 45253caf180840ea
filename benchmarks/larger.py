"""A larger dataset out of a smaller one's rows: each copy of them has ids and rare words of its own.

Frequent words keep their shares, so that classes of words stay what they are; of the others each has up to
four forms, a letter or two apart, so that there are more different ones, as in a larger dataset, but not as
many times more as there are rows. Rows of a copy are in an order of their own. The same rows come each time.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from . import rows
from .thinklens import source

SAMPLE = 5_000  # prompts and responses that frequent words are counted in
RARE = 0.002  # of these texts: a word that fewer have is changed
MOST = 24  # words that are changed in one text
FORMS = 4  # of a word, itself included
TEXTS = ("prompt", "response")
ROLE = "role"  # of a message: no text
_WORD = re.compile(r"[A-Za-z]{4,}")
_VOWELS, _OTHERS = "aeiou", "bcdfghklmnprstvw"
Row = dict[str, Any]


def made(data: Path, count: int, folder: Path, prompts_only: bool = False) -> Path:
    """So many rows in a folder: those of the dataset, then changed ones, a file a copy."""
    folder.mkdir(parents=True)
    there = source(data).rows
    frequent = _frequent(data)
    for copy in range(-(-count // there)):
        wanted = min(there, count - copy * there)
        path = folder / f"copy-{copy:04}.parquet"
        _write(data, wanted, copy, frequent, path, prompts_only)
    return folder


def _write(
    data: Path, wanted: int, copy: int, frequent: frozenset[str], path: Path, prompts_only: bool
) -> None:
    writer = None
    for batch in rows.batches(data, wanted, rows.columns(data, prompts_only)):
        found = list(changed(batch.to_pylist(), copy, frequent))
        table = pa.Table.from_pylist(found, schema=batch.schema)
        if prompts_only:
            table = rows.without_responses(table)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=rows.GROUP)
    if writer is not None:
        writer.close()


def _frequent(data: Path) -> frozenset[str]:
    """The words that are never changed, in small letters."""
    texts = [text for column in TEXTS for text in rows.texts(data, column, SAMPLE)]
    counts = Counter(word for text in texts for word in {w.lower() for w in _WORD.findall(text)})
    return frozenset(word for word, count in counts.items() if count >= RARE * len(texts))


def changed(found: Iterable[Row], copy: int, frequent: frozenset[str]) -> Iterator[Row]:
    """Rows as they are in a copy, in its order; the first copy is the rows themselves."""
    there = list(found)
    if not copy:
        yield from there
        return
    Random(copy).shuffle(there)
    for row in there:
        words: dict[str, str] = {}
        for name in TEXTS:
            words |= _exchanged(row.get(name) or "", copy, frequent)
        row["conversation_id"] = like(str(row.get("conversation_id")), copy)
        for name in (*TEXTS, "messages"):
            if name in row:
                row[name] = _rewritten(row[name], words)
        yield row


def _exchanged(text: str, copy: int, frequent: frozenset[str]) -> dict[str, str]:
    """Some of a text's rare words, and what stands for each."""
    rare = (word for word in dict.fromkeys(_WORD.findall(text)) if word.lower() not in frequent)
    forms = {word: form(word, copy) for word, _ in zip(rare, range(MOST), strict=False)}
    return {word: other for word, other in forms.items() if other != word}


def _rewritten(value: Any, words: Mapping[str, str]) -> Any:
    """A value with the words in its texts exchanged, however deep they are."""
    if isinstance(value, str):
        for word, other in words.items():
            value = value.replace(word, other)
        return value
    if isinstance(value, list):
        return [_rewritten(each, words) for each in value]
    if isinstance(value, dict):
        return {n: each if n == ROLE else _rewritten(each, words) for n, each in value.items()}
    return value


@lru_cache(200_000)
def form(word: str, copy: int) -> str:
    """The form that a word has in a copy: itself in one of four, else with other letters after its first."""
    number = _hash(word.lower(), copy)[0] % FORMS
    if not number:
        return word
    places = _hash(word.lower(), -number)
    letters = list(word)
    for place in (1 + places[0] % (len(word) - 1), 1 + places[1] % (len(word) - 1)):
        letters[place] = _next(letters[place], 1 + places[2 + place % 6] % 4)
    return "".join(letters)


def _next(letter: str, by: int) -> str:
    """Another letter of its kind."""
    kind = _VOWELS if letter.lower() in _VOWELS else _OTHERS
    other = kind[(kind.find(letter.lower()) + by) % len(kind)]
    return other.upper() if letter.isupper() else other


def like(name: str, copy: int) -> str:
    """An id that looks like another: letters and digits are hexadecimal ones of its hash."""
    digits = iter(hashlib.shake_128(f"{copy}:{name}".encode()).hexdigest(max(1, len(name))))
    return "".join(next(digits) if letter.isalnum() else letter for letter in name)


def _hash(word: str, number: int) -> bytes:
    return hashlib.blake2b(f"{number}:{word}".encode(), digest_size=8).digest()
