"""By which rules others say that a prompt has a benchmark's question in it: each a filter of what is kept of
the comparison. Pure.
"""

from dataclasses import dataclass

from ...conversations.overlaps import HALF, LONG
from ...conversations.signals.overlaps import EQUAL, LONGER, SHARE


@dataclass(frozen=True)
class Preset:
    """A rule by its name in addresses, its ``title`` with the words of an n-gram in it, and who goes by it;
    ``field`` and ``condition`` make its filter."""

    name: str
    title: str
    used_by: str
    field: str
    condition: str

    def filter_of(self, benchmark: str) -> str:
        """The filter as it is typed."""
        return f"{self.field}{benchmark}:{self.condition}"

    def words(self, length: int) -> str:
        """What it is called where n-grams have so many words."""
        return self.title.format(length)


PRESETS = (
    Preset("half", "half of it", "Apertus", SHARE, f">={HALF}"),
    Preset("any", "any {}-gram", "s1, open-r1: with 8 words", SHARE, ">0"),
    Preset("long", f"any {LONG}-gram", "", LONGER, "true"),
    Preset("equal", "equal without digits and signs", "Light-R1", EQUAL, "true"),
)
