"""Formulas as a line of plain text: where TeX is not drawn, its commands are the signs that they stand for.

Whatever is no command of the table stays as it is written. Knows nothing of where the text is from.
"""

import re

_SIGNS = {
    "times": "\u00d7", "cdot": "\u00b7", "div": "\u00f7", "pm": "\u00b1", "mp": "\u2213",
    "le": "\u2264", "leq": "\u2264", "ge": "\u2265", "geq": "\u2265", "ne": "\u2260", "neq": "\u2260",
    "approx": "\u2248", "equiv": "\u2261", "sim": "\u223c", "cong": "\u2245", "propto": "\u221d",
    "infty": "\u221e", "sum": "\u2211", "prod": "\u220f", "int": "\u222b", "partial": "\u2202",
    "nabla": "\u2207", "angle": "\u2220", "triangle": "\u25b3", "circ": "\u00b0", "degree": "\u00b0",
    "perp": "\u22a5", "parallel": "\u2225", "in": "\u2208", "notin": "\u2209", "subset": "\u2282",
    "subseteq": "\u2286", "cup": "\u222a", "cap": "\u2229", "emptyset": "\u2205", "forall": "\u2200",
    "exists": "\u2203", "to": "\u2192", "rightarrow": "\u2192", "Rightarrow": "\u21d2",
    "implies": "\u21d2", "iff": "\u21d4", "mapsto": "\u21a6", "ldots": "\u2026", "cdots": "\u22ef",
    "dots": "\u2026", "alpha": "\u03b1", "beta": "\u03b2", "gamma": "\u03b3", "delta": "\u03b4",
    "epsilon": "\u03b5", "varepsilon": "\u03b5", "theta": "\u03b8", "lambda": "\u03bb", "mu": "\u03bc",
    "nu": "\u03bd", "pi": "\u03c0", "rho": "\u03c1", "sigma": "\u03c3", "tau": "\u03c4", "phi": "\u03c6",
    "varphi": "\u03c6", "omega": "\u03c9", "Delta": "\u0394", "Gamma": "\u0393", "Omega": "\u03a9",
    "Sigma": "\u03a3", "quad": " ", "qquad": " ", "left": "", "right": "", "displaystyle": "",
    "sin": "sin", "cos": "cos", "tan": "tan", "log": "log", "ln": "ln", "lim": "lim", "max": "max",
    "min": "min", "gcd": "gcd",
}  # fmt: skip
_WRAPPERS = (
    "text|textbf|textit|mathrm|mathbf|mathbb|mathcal|boldsymbol|operatorname|boxed|overline|vec"
)

_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]{1,80})\}\{([^{}]{1,80})\}")
_ROOT = re.compile(r"\\sqrt\{([^{}]{1,80})\}")
_WRAPPED = re.compile(rf"\\(?:{_WRAPPERS})\{{([^{{}}]{{0,120}})\}}")
_COMMAND = re.compile(r"\\([a-zA-Z]{2,14})(?![a-zA-Z])")
_SPACE = re.compile(r"\\[,;:! ]")
_RAISED = re.compile(r"([\^_])(?:\{([^{}]{1,40})\}|([0-9a-zA-Z\u00b0]))")
# What stands between dollars is a formula by the rule of Pandoc: no white space within them at the ends, no
# digit behind them. So prices are none.
_INLINE = re.compile(r"\$\$(.{1,400}?)\$\$|\$(?![\s$])([^$\n]{1,200}?)(?<!\s)\$(?!\d)", re.S)
_BRACKETED = re.compile(r"\\\((.{1,400}?)\\\)|\\\[(.{1,400}?)\\\]", re.S)
_LEFT = re.compile(r"\\[()\[\]]|\$\$")
_DEEPEST = 4  # braces in braces that are opened

_HIGH = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOW = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))


def plain(text: str) -> str:
    """The text with its formulas as plain signs."""
    if "\\" not in text and "$" not in text:
        return text
    text = _INLINE.sub(_formula, _BRACKETED.sub(_formula, text))
    return _LEFT.sub("", _commands(text))


def _formula(found: re.Match[str]) -> str:
    inner = next(each for each in found.groups() if each is not None)
    return _RAISED.sub(_raised, _commands(inner))


def _commands(text: str) -> str:
    for _ in range(_DEEPEST):
        before = text
        text = _WRAPPED.sub(r"\1", text)
        text = _ROOT.sub(lambda found: "\u221a" + _whole(found[1]), text)
        text = _FRACTION.sub(lambda found: f"{_whole(found[1])}/{_whole(found[2])}", text)
        if text == before:
            break
    return _SPACE.sub(" ", _COMMAND.sub(_sign, text)) if "\\" in text else text


def _sign(found: re.Match[str]) -> str:
    return _SIGNS.get(found[1], found[0])


def _whole(text: str) -> str:
    """A part of a fraction: in brackets where it is more than one thing."""
    text = text.strip()
    return text if re.fullmatch(r"\\?\w+", text) else f"({text})"


def _raised(found: re.Match[str]) -> str:
    inner = found[2] if found[2] is not None else found[3]
    signs = _HIGH if found[1] == "^" else _LOW
    if inner == "\u00b0":
        return inner
    if all(each in signs for each in inner):
        return "".join(signs[each] for each in inner)
    return found[1] + (inner if len(inner) == 1 else f"({inner})")
