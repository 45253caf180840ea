"""The keys of the pages: one table for the list that ``?`` shows, the README and the tests. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """A key or two of one meaning. ``shown`` is how it is written on the page, ``where`` the pages
    that know it, ``control`` what does the same without keys."""

    shown: tuple[str, ...]
    does: str
    where: str
    control: str


LIST, CONVERSATION, EVERYWHERE = "list", "conversation", "everywhere"

KEYS = (
    Key(
        ("j", "k"),
        "Go to the next or the previous result; a pane beside the list follows",
        LIST,
        "the titles of the results",
    ),
    Key(("Enter",), "Open the result that has the focus", LIST, "its title"),
    Key(("x",), "Pick this one, to compare another with it", "list, conversation", "Compare"),
    Key(("s",), "Tick this row, or let it go", LIST, "the box before the title"),
    Key(("Esc",), "Back to the same place in the list", CONVERSATION, "Back to the list"),
    Key(
        ("]", "["),
        "Next or previous conversation, or page of results",
        "list, conversation",
        "Next and Previous",
    ),
    Key(("o",), "Unfold or fold the traces", CONVERSATION, "the line above each trace"),
    Key(("m", "M"), "Next or previous mark of a trace", CONVERSATION, "the outline"),
    Key(("e",), "The end of the trace", CONVERSATION, "End of the trace"),
    Key(("n", "N"), "Next or previous hit", CONVERSATION, "the arrows beside the count of hits"),
    Key(("r",), "The raw record", CONVERSATION, "Raw record"),
    Key(("c",), "Copy the link", "list, conversation", "Copy link"),
    Key(("/",), "Go to the search", LIST, "the search box"),
    Key(("?",), "These keys", EVERYWHERE, "Keys, at the top"),
)
