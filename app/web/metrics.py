"""What a monitor may know of a server, for Prometheus: counts, times and states, no content.

Labels are few: templates of addresses, methods, statuses, names of datasets that are served. What is counted
elsewhere already is asked for when somebody looks.
"""

import threading
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ..library import BUILDING, FAILED, READY, Library
from .export.downloads import Downloads
from .limits import limits
from .record import Answered

METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")  # by name; any other is "other"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_OWN_THREADS = Path("/proc/self/task")


class Metrics:
    """Those of one application, in a registry of its own."""

    def __init__(self, library: Library, downloads: Downloads) -> None:
        self._registry = CollectorRegistry()
        self._said = _Said(library, downloads)
        self._registry.register(self._said)
        ProcessCollector(registry=self._registry)
        here = self._registry
        request = ("route", "method", "status")
        self._requests = Counter(
            "thinklens_requests", "Requests that ended.", request, registry=here
        )
        self._seconds = Histogram(
            "thinklens_request_seconds",
            "From a request's first byte to its answer's last.",
            ("route",),
            buckets=SECONDS,
            registry=here,
        )
        self._bytes = Counter(
            "thinklens_sent_bytes", "Bytes of answers.", ("route",), registry=here
        )
        self._broken = Counter("thinklens_broken_answers", "Answers that broke off.", registry=here)
        self._now = Gauge("thinklens_requests_under_way", "Requests being answered.", registry=here)
        self._ended = Counter(
            "thinklens_queries_ended",
            "Queries and facets ended at their time limit.",
            registry=here,
        )

    def began(self) -> None:
        """A request has begun."""
        self._now.inc()

    def answered(self, request: Answered) -> None:
        """A request has ended."""
        self._now.dec()
        method = request.method if request.method in METHODS else "other"
        self._requests.labels(request.route, method, str(request.status)).inc()
        self._seconds.labels(request.route).observe(request.seconds)
        self._bytes.labels(request.route).inc(request.size)
        if not request.whole:
            self._broken.inc()

    def ended(self, queries: int = 1) -> None:
        """So many queries were ended at their time limit."""
        self._ended.inc(queries)

    def beside(self, limits: Mapping[str, float], connections: Callable[[], int]) -> None:
        """Tell what only the server itself knows."""
        self._said.limits.update(limits)
        self._said.connections = connections

    def written(self, accept: str) -> tuple[bytes, str]:
        """All of it, and the type of that, in the form that is asked for."""
        write, kind = choose_encoder(accept)
        return write(self._registry), kind


class _Said(Collector):
    """What others count, at the moment when it is asked for."""

    def __init__(self, library: Library, downloads: Downloads) -> None:
        self.limits = dict(limits(library.settings))
        self.connections: Callable[[], int] | None = None
        self._library = library
        self._downloads = downloads

    def collect(self) -> Iterable[Metric]:
        yield from self._of_datasets()
        yield _gauge("thinklens_exports_under_way", "Exports.", self._downloads.under_way)
        refused = CounterMetricFamily("thinklens_exports_refused", "Exports beyond the most.")
        refused.add_metric([], self._downloads.refused)
        yield refused
        if self.connections is not None:
            yield _gauge("thinklens_connections", "Open connections.", self.connections())
        yield _gauge("thinklens_threads", "Threads of the process.", _threads())
        bounds = GaugeMetricFamily("thinklens_limit", "Each limit.", labels=["name"])
        for name, value in sorted(self.limits.items()):
            bounds.add_metric([name], value)
        yield bounds

    def _of_datasets(self) -> Iterable[Metric]:
        entries = list(self._library.entries.values())
        states = GaugeMetricFamily("thinklens_datasets", "By state.", labels=["state"])
        counts = Tally(each.state for each in entries)
        for state in (READY, BUILDING, FAILED):
            states.add_metric([state], counts[state])
        rows = GaugeMetricFamily("thinklens_rows", "Of each dataset.", labels=["dataset"])
        built = GaugeMetricFamily(
            "thinklens_build_done_ratio",
            "How much is done of the step that a dataset is at.",
            labels=["dataset", "step"],
        )
        for each in entries:
            rows.add_metric([each.name], each.source.rows if each.source else 0)
            for one in (each, each.newer):
                if one is not None and one.state == BUILDING:
                    done = one.done / one.total if one.total else 0
                    built.add_metric([one.name, one.step], done)
        yield from (states, rows, built)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _threads() -> int:
    """Those of this process; where only Python's are known, these."""
    try:
        return len(list(_OWN_THREADS.iterdir()))
    except OSError:
        return threading.active_count()
