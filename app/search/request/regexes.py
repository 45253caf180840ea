"""What the engine that runs regexes has against one, as a sentence.

Knows Arrow's regexes (RE2); nothing of queries.
"""

import pyarrow as pa
import pyarrow.compute as pc

from ...errors import InvalidInput


def checked(pattern: str) -> str:
    """The pattern. Raises InvalidInput with the engine's reason where it is none."""
    if (reason := _refused(pattern)) is None and _refused(f"({pattern})") is not None:
        reason = (
            r"'\Q' without '\E'"  # alone it would do, but what is put around it to find matches
        )
    if reason is not None:
        raise InvalidInput(f"'/{pattern}/' is no regular expression: {reason}")
    return pattern


def _refused(pattern: str) -> str | None:
    """What the engine has against a pattern."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        return str(error).removeprefix("Invalid regular expression: ").split("\n")[0]
    return None
