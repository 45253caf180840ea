"""The signals, one row each: what is computed of every conversation, a field to filter, sort and plot.

Facets stand in the order of the rows: what tells of the trace, of the answer, of the whole. Knows
conversations and words; nothing of where the values are kept.
"""

import pyarrow as pa

from ..fields import Field
from ..formats.format import Layout
from .copies import COPIES
from .copies import NAMES as COPIED
from .of_answers import OF_ANSWERS
from .of_chats import OF_CHATS
from .of_tokens import OF_TOKENS
from .of_traces import OF_TRACES
from .overlaps import overlap
from .signal import Batch, Signal

SIGNALS = (*OF_TRACES, *OF_ANSWERS, *OF_CHATS, *OF_TOKENS)


class _ByName(dict[str, Signal]):
    """Signals by name; those of a benchmark are made of the name that it was given."""

    def __missing__(self, name: str) -> Signal:
        found = overlap(name)
        if found is None:
            raise KeyError(name)
        return found


BY_NAME = _ByName({signal.name: signal for signal in (*SIGNALS, *COPIES)})
EVERYWHERE = tuple(signal.name for signal in SIGNALS if signal.only is None)


def told_of_all(field: Field) -> bool:
    """Whether a field is told of all rows together, or of what else there is, and stands in no shard."""
    return field.signal and (field.name in COPIED or overlap(field.name) is not None)


def compute(batch: Batch, layout: Layout | None = None) -> dict[str, pa.Array]:
    """The signals of some conversations by name, an array each; with a layout those too that only files
    have which are read so."""
    return {
        each.name: pa.array(each.values(batch), each.type)
        for each in SIGNALS
        if each.only is None or (layout is not None and each.only(layout))
    }
