"""How long what is asked of a dataset may take."""

from dataclasses import dataclass

EXPORT_SECONDS = 60.0  # for finding and ordering a whole match set


@dataclass(frozen=True)
class Limits:
    """Seconds that a page's query, all its facets, and one reading of all texts may take."""

    query: float = 3.0
    facets: float = 3.0
    scan: float = 20.0
