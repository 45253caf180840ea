"""Notation: whether a text holds program code or LaTeX mathematics.

Rules of form alone: nothing is parsed, and no language is told from another.
"""

import re
from collections.abc import Iterable

CODE_LINES = 3  # without a fence, so many lines of code are code
READ = 2_000  # characters that are looked at for code without a fence

_FENCE = re.compile(r"^[ \t>]*(?:[-*+] +|\d{1,9}[.)] +)?(?:```|~~~)", re.MULTILINE)
_CODE_LINE = re.compile(
    r"^[ \t]*(?:"
    r"#include\s*[<\"]|#!/|import [\w.{]+|from [\w.]+ import |def \w+ ?\(|class \w+ ?[:({]"
    r"|(?:public|private|protected|static|const|let|var|func|function|fn) +[\w<]+.*[({=]"
    r"|(?:if|for|while|else if|elif) ?\(?.*[:{]$"
    r"|</?(?:html|head|body|div|span|p|a|ul|li|table|tr|td|form|input|button|img|script|style"
    r"|template|svg|h[1-6])\b[^<>\n]*>"
    r"|[\w.]+ ?= ?[\w.]+\([^\n]*\)$"
    r"|(?:SELECT|INSERT INTO|UPDATE|CREATE TABLE|DELETE FROM) "
    r"|[ -\[\]-~\t]*[{}] *$|(?=[^\n]*[=(\"\[*>])[ -\[\]-~\t]*; *$"
    r")",
    re.MULTILINE,
)
# Without one of these no three lines of code are thought of: most prose ends here.
_HINTS = (";", "{", "= ", "import ", "def ", "class ", "</", "SELECT ", "#include", "#!/")
_FENCED = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_TEX = re.compile(
    r"\\\((?!\n)(?:[^\\]|\\(?![()\[\]])){1,1000}?\\\)"
    r"|\\\[(?:[^\\]|\\(?![()\[\]])){1,2000}?\\\]"
    r"|\$\$[^$]{1,2000}\$\$"
    r"|\\(?:begin\{(?:equation|align|gather|multline|[a-zA-Z]?matrix|cases|array)"
    r"|[dt]?frac\{|sqrt[{\[]|boxed\{|sum_|int_)"
)
_DOLLARS = re.compile(
    r"\$ [^$\n\"`;]{0,400}\\[A-Za-z][^$\n\"`;]{0,400} \$"
    r"|(?<![\w$\\])\$(?![\s$])(?![^$\n]*\}')"
    r"(?:[A-Za-z]|(?=[^$\n\"`;]{0,400}[\\^_{=])[^$\n\"`;]{1,400}"
    r"|[A-Za-z] ?[-+<>/*,] ?\w+|-?\d+ ?[-+*/<>] ?\d+)"
    r"(?<!\s)\$(?![\w$({'\"])"
)


def has_code(parts: Iterable[str], plain: Iterable[str]) -> bool:
    """Whether one of ``parts`` has a fence (three backquotes or tildes that begin a line), or the
    first 2,000 characters of one of ``plain`` have three lines of code: such as begin a definition,
    an import, a condition, a statement of SQL or a tag of HTML, set a name to a call, or end in
    ``{``, ``}`` or (with a bracket, sign or quote before) ``;``, all in ASCII without a backslash."""
    fenced = any(("```" in text or "~~~" in text) and _FENCE.search(text) for text in parts)
    return fenced or any(_is_code(text[:READ]) for text in plain)


def _is_code(text: str) -> bool:
    if text.count("\n") < CODE_LINES - 1:
        return False
    if not any(hint in text for hint in _HINTS):
        return False
    lines = _CODE_LINE.finditer(text)
    return sum(1 for _ in zip(range(CODE_LINES), lines, strict=False)) == CODE_LINES


def has_math(parts: Iterable[str]) -> bool:
    r"""Whether a part has LaTeX outside code: ``\( \)``, ``\[ \]`` or ``$$ $$`` with something
    between, an environment or ``\frac{``, ``\sqrt{``, ``\boxed{``, ``\sum_``, ``\int_``, or a pair
    of ``$`` on a line around one letter, a small sum, or what has ``\ ^ _ { =`` in it (with white
    space beside the ``$`` only where there is a command); prices and shell variables are none."""
    return any(_has_math(text) for text in parts)


def _has_math(text: str) -> bool:
    if "$" not in text and "\\" not in text:
        return False
    if "`" in text:
        text = _FENCED.sub(" ", text)
    return bool(_TEX.search(text)) or ("$" in text and bool(_DOLLARS.search(text)))
