"""The signals, one row each: what is computed of every conversation, a field to filter, sort and plot.

Facets stand in the order of the rows: what tells of the trace, of the answer, of the whole. Knows
conversations and words; nothing of where the values are kept.
"""

import pyarrow as pa

from ..formats.format import Layout
from .copies import COPIES
from .of_answers import OF_ANSWERS
from .of_chats import OF_CHATS
from .of_tokens import OF_TOKENS
from .of_traces import OF_TRACES
from .signal import Batch

SIGNALS = (*OF_TRACES, *OF_ANSWERS, *OF_CHATS, *OF_TOKENS)

BY_NAME = {signal.name: signal for signal in (*SIGNALS, *COPIES)}
EVERYWHERE = tuple(signal.name for signal in SIGNALS if signal.only is None)


def compute(batch: Batch, layout: Layout | None = None) -> dict[str, pa.Array]:
    """The signals of some conversations by name, an array each; with a layout those too that only files
    have which are read so."""
    return {
        each.name: pa.array(each.values(batch), each.type)
        for each in SIGNALS
        if each.only is None or (layout is not None and each.only(layout))
    }
