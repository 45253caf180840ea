"""The parameters of what pages look like: of which no rows and no file depend."""

from collections.abc import Mapping

from ..conversations.fields import Field
from ..search.overview.by_field import MOST, checked
from ..search.request import narrowing, parameter
from ..search.request.parameter import LOOKS, Parameter, one_of, whole

COMFORTABLE, COMPACT = "comfortable", "compact"
RENDERED, SOURCE = "rendered", "source"
BESIDE = "beside"  # all answers to a question beside each other


def _by(name: str, text: str, fields: Mapping[str, Field]) -> str:
    return checked(text, fields).name


PAGES = (
    Parameter(
        "density",
        "List: comfortable (default) or compact.",
        COMPACT,
        LOOKS,
        one_of((COMFORTABLE, COMPACT)),
        COMFORTABLE,
    ),
    Parameter(
        "read",
        "List: the row that is read beside it, on wide screens.",
        "17",
        LOOKS,
        whole(0),
        None,
    ),
    Parameter(
        "pick", "List: the row that another is to be compared with.", "17", LOOKS, whole(0), None
    ),
    Parameter(
        "ticked",
        "List: rows that are ticked, to be shown or exported together.",
        "3,17,40",
        LOOKS,
        narrowing.rows_of,
        (),
        narrowing.joined,
    ),
    Parameter(
        "text",
        "Conversation: rendered (default) or source.",
        SOURCE,
        LOOKS,
        one_of((RENDERED, SOURCE)),
        RENDERED,
    ),
    Parameter(
        "answer",
        "Conversation: which answer is shown where a question has several, 0 (default) for the first, "
        f"or {BESIDE} for all beside each other.",
        "1",
        LOOKS,
        parameter.whole_or(BESIDE),
    ),
)
DOWNLOAD = Parameter(
    "download",
    "Export: an id, by which a page asks how far the download is.",
    "a1b2c3d4e5f6",
    LOOKS,
    parameter.text,
    kept=False,
)
BY = Parameter(
    "by",
    f"Overview: the field by whose values rows are looked at, at most {MOST} of them; by default the models.",
    "metadata.model",
    LOOKS,
    _by,
    "",
)
OWN = (*PAGES, BY, DOWNLOAD)
