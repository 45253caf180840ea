"""Which host a link leads to, where its visible text names another: what deceives is told beside it.

Hosts are read as browsers read them: a backslash ends one as a slash does, what stands before an ``@``
is a name. A host in another script is told in its ASCII form, since letters may look alike.
"""

import re
import unicodedata

_TARGET = re.compile(r"(?:https?://(?P<web>[^/?#\\\s]*)|mailto:(?P<mail>[^?#]*))", re.IGNORECASE)
_LIFTED = re.compile("\ue000\\d+\ue001")
# What may be a host in a text: a word or what follows its scheme, up to a slash; not a part of a path.
_WORD = re.compile(
    r"(?<![^\W_])(?<![/.@-])(?:https?://)?([^\s/?#\\<>()\[\]{}\"'`,;|]+)", re.IGNORECASE
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TOP = re.compile(r"xn--[\w-]{1,59}|[^\W\d_]{2,63}")
# A chain is taken whole where no top ends it too: tried again at each of its labels, a long text of dots
# would take minutes.
_CHAIN = re.compile(rf"(?:{_LABEL}\.)+(?:{_TOP.pattern})?")
_NUMBERS = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")


def real_host(target: str, visible: str) -> str:
    """The host of a link's target where ``visible`` names another one, else ""."""
    host = _host(target)
    named = {_plain(each) for each in _named(visible)}
    return _ascii(host) if host and named - {_plain(host)} else ""


def _host(target: str) -> str:
    found = _TARGET.match(target)
    if found is None:
        return ""
    authority = (found["web"] or found["mail"] or "").rpartition("@")[2]
    return authority if authority.startswith("[") else authority.partition(":")[0]


def _named(visible: str) -> list[str]:
    """All hosts that a text names."""
    text = unicodedata.normalize("NFKC", _LIFTED.sub("", visible)).replace("\u3002", ".")
    return [host for word in _WORD.findall(text) for host in _hosts(word)]


def _hosts(word: str) -> list[str]:
    """All hosts of a word: names that have a top, and four numbers outside of them."""
    found: list[str] = []

    def taken(chain: re.Match[str]) -> str:
        name = _with_top(chain[0])
        if name:
            found.append(name)
        return "." * bool(name) + chain[0][len(name) :]

    rest = _CHAIN.sub(taken, word)
    return found + _NUMBERS.findall(rest)


def _with_top(chain: str) -> str:
    """A chain of labels up to the last one that can be a top, else ""."""
    dot = chain.rfind(".")
    while dot != -1:
        if top := _TOP.match(chain, dot + 1):
            return chain[: top.end()]
        dot = chain.rfind(".", 0, dot)
    return ""


def _plain(host: str) -> str:
    """A host as it is compared: www. or not is the same."""
    return _ascii(unicodedata.normalize("NFKC", host).casefold().rstrip(".")).removeprefix("www.")


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").casefold()
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode("ascii")
