r"""Boxes: how many ``\boxed{}`` an answer has.

One is what graders of mathematics look for. NeMo-Skills takes the last of several, OpenThoughts' filter of
mathematics wants exactly one, others take the first; an empty one is no answer to any of them.
"""

import re

_BOX = re.compile(r"\\boxed\s*\{")


def boxes(answer: str) -> int | None:
    r"""How many ``\boxed{`` an answer has, with or without a space; None where there is no answer."""
    if not answer:
        return None
    return len(_BOX.findall(answer)) if "\\boxed" in answer else 0
