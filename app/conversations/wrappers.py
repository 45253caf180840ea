"""What models put around an answer behind a trace: ``<answer>``, ``<Output>`` and the like. Pure."""

from collections.abc import Iterable


def around(text: str, wrappers: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The first of the wrappers that stands around a whole text, white space aside; None for none."""
    text = text.strip()
    return next((each for each in wrappers if _is_around(text, *each)), None)


def _is_around(text: str, opening: str, closing: str) -> bool:
    long = len(text) >= len(opening) + len(closing)
    return long and text.startswith(opening) and text.endswith(closing)
