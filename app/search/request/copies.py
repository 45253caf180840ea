"""One row of each: of which copies, and which of them. Pure."""

from collections.abc import Mapping

from ...conversations.fields import Field
from ...errors import NotReady
from .ordering import ordered
from .parameter import SELECTS, Parameter, one_of

FIRST, LONGEST, SHORTEST = RULES = "first", "longest", "shortest"  # by which one of several is kept
# What one row can be taken of each of: the field whose values tell which rows are of one.
ONE_OF = {
    "prompt": "prompt_group",
    "near_prompt": "near_prompt",
    "conversation": "conversation_group",
}


def _one(name: str, text: str, fields: Mapping[str, Field]) -> str:
    found = str(one_of(ONE_OF)(name, text, fields))
    if fields and ONE_OF[found] not in fields:
        raise NotReady(
            "which rows are copies is not known yet: that is looked for at the end of a build"
        )
    return found


def _keep(name: str, text: str, fields: Mapping[str, Field]) -> str:
    return text if text in RULES else ordered(name, text, fields)


ONE_OF_EACH = (
    Parameter(
        "one",
        "One row of each prompt, near_prompt (prompts that are nearly the same) or conversation, of the "
        "rows that match.",
        "prompt",
        SELECTS,
        _one,
    ),
    Parameter(
        "keep",
        "Which row is kept of each: first (default), longest or shortest (by words of reasoning and "
        "answer), random:SEED, a field for its lowest value, -field for its highest.",
        LONGEST,
        SELECTS,
        _keep,
        FIRST,
    ),
)
