"""Each limit of the server by its name, as ``/metrics`` says it: read where it stands."""

from collections.abc import Mapping

from ..config import Settings
from ..conversations import shingles
from ..conversations.decoding import ROW_BYTES
from ..conversion import benchmark
from ..export.parameters import MOST_COLUMNS as MOST_KEPT
from ..index import copies, near
from ..index.workers import WORKER_MEMORY
from ..markup.markdown import TEXT_LIMIT
from ..markup.room import PAGE_BYTES, PAGE_SECONDS
from ..search import overlaps
from ..search.limits import EXPORT_SECONDS
from ..search.request import filters, language, query
from ..search.shard import deadline, scanning
from . import lanes
from .bounds import LARGEST_BODY, LARGEST_FORM, LONGEST_ADDRESS
from .conversation import metadata
from .conversation.making import MOST_HITS
from .conversation.messages import SHOWN_MESSAGES
from .export import downloads

_COMPARING = {  # of what is told of all rows: copies, and overlap with benchmarks
    "benchmark_bytes": benchmark.LARGEST,
    "compared_groups": near.MOST_FIRSTS,
    "compared_words": shingles.MOST_WORDS,
    "form_bytes": LARGEST_FORM,
    "question_characters": benchmark.LONGEST,
    "overlap_seconds": overlaps.SECONDS,
}


def limits(settings: Settings) -> Mapping[str, float]:
    """The limits of an application; in seconds, bytes or characters where the name ends so, else a number."""
    return {
        **_COMPARING,
        "address_bytes": LONGEST_ADDRESS,
        "body_bytes": LARGEST_BODY,
        "columns": query.MOST_COLUMNS,
        "engine_memory_bytes": settings.engine_memory_mb * 2**20,
        "export_columns": MOST_KEPT,
        "export_order_seconds": EXPORT_SECONDS,
        "exports": downloads.MOST,
        "facet_seconds": settings.facet_seconds,
        "filters": filters.MOST,
        "hits_of_a_page": MOST_HITS,
        "lane_seconds": lanes.LONGEST,
        "lane_waiting": lanes.WAITING,
        "markdown_block_characters": TEXT_LIMIT,
        "messages_of_a_page": SHOWN_MESSAGES,
        "metadata_lines": metadata.MOST_LINES,
        "metadata_value_characters": metadata.LONGEST,
        "page_bytes": PAGE_BYTES,
        "page_rows": query.LARGEST,
        "page_seconds": PAGE_SECONDS,
        "query_brackets": language.DEEPEST,
        "query_characters": language.LONGEST,
        "query_seconds": settings.query_seconds,
        "questions_at_once": lanes.QUESTIONS,
        "readings_at_once": lanes.READINGS,
        "requests_at_work_in_a_dataset": deadline.AT_ONCE,
        "row_bytes": ROW_BYTES,
        "scan_seconds": settings.scan_seconds,
        "scans_at_once": lanes.SCANS,
        "scans_waiting": scanning.WAITING,
        "stall_seconds": settings.stall_seconds,
        "unpacked_bytes": copies.MOST_BYTES,
        "turn_seconds": deadline.LONGEST_WAIT,
        "worker_memory_bytes": WORKER_MEMORY,
        "workers": settings.workers,
    }
