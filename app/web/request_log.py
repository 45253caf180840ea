"""A line of the log for each request: what it was and what it came to. Nothing that was searched for, and no
content of rows: the template of its address, never the address."""

import json
import logging

from .record import Answered

LOGGER = __name__


def tell_request(answered: Answered) -> None:
    """Log a request that has ended, at the level INFO; the record has its facts as ``facts``."""
    log = logging.getLogger(LOGGER)
    if log.isEnabledFor(logging.INFO):
        facts = facts_of(answered)
        log.info("%s", line(facts), extra={"facts": facts})


def facts_of(answered: Answered) -> dict[str, object]:
    """What is logged of a request, by its names."""
    return {
        "request_id": answered.identity,
        "method": answered.method,
        "route": answered.route,
        "dataset": answered.dataset,
        "status": answered.status,
        "bytes": answered.size,
        "ms": round(answered.seconds * 1000, 1),
        "token": answered.token,
        "whole": answered.whole,
    }


def line(facts: dict[str, object]) -> str:
    """The same as text, in that order; "-" is what there is not, and an answer that broke off says so."""
    said = [_word(value) for name, value in facts.items() if name != "whole"]
    return " ".join([*said, *([] if facts["whole"] else ["broken-off"])])


def _word(value: object) -> str:
    """A value as one word: names of datasets may have spaces and line breaks."""
    text = str(value)
    return (
        text if text.isprintable() and text.split() == [text] else json.dumps(text) if text else "-"
    )
