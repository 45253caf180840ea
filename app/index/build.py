"""Building an index: copies where row groups are too large, as long as it takes, chunks in parallel, merges,
publishing.

Conversations and prompts come first, so that a dataset can be searched while the words of reasoning
and answers, many times as much, are still being read.

Heavy work runs in processes of its own, so that a file that breaks a reader costs a sentence and not
the server, and memory is given back. A build that was ended at any point is taken up by the next; where
one shard cannot be built the others are.
"""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property

from ..errors import Failed
from ..store.manifest import Manifest
from . import chunks, jobs
from .jobs import Progress
from .publish import building, locked, publish, publish_part
from .shards import Piece, Pieces
from .states import states
from .workers import Pools, processes

# The steps: how they are called, and the share of a build's time at which each ends, as measured on
# the scale set.
STEPS = {
    "copying": ("copying large row groups", 0.0),
    "prompts": ("reading rows and prompts", 0.45),
    "fields": ("putting fields and prompts together", 0.5),
    "texts": ("reading reasoning and answers", 0.85),
    "reasoning": ("putting reasoning and answers together", 0.96),
    "answer": ("putting answers together", 1.0),
    "copies": ("looking for copies", 1.0),
}

ELSEWHERE = "another process is building the index"


def build(
    pieces: Pieces,
    workers: int,
    progress: Progress,
    published: Callable[[], None] = lambda: None,
    pool_of: Pools = processes,
) -> None:
    """Build and publish what is not there of the shards of a source; ``published`` is called after each
    publication. ``pool_of`` gives what runs the work of so many workers: processes, by default.

    Raises Unreadable for a file that cannot be read, OutOfSpace for the data directory, Failed for that or
    for a shard, when all others stand.
    """
    following = _following(pieces, progress, published)
    failed: dict[str, Failed] = {}
    with locked(pieces.folder, following):
        while True:
            # another process may have built some of it meanwhile
            work = _Work(pieces.again, progress, published, failed)
            try:
                with ExitStack() as stack:
                    work.run(stack, pool_of(workers))
                break
            except Failed as fault:
                if not work.at:
                    raise
                failed[work.at] = fault
    if failed:
        raise next(iter(failed.values()))


class _Work:
    """One build, but for the shards that failed in it before: what runs it is started when it is needed
    first, and ended with it. ``at`` names the shard that is built, "" for one that the others wait for."""

    def __init__(
        self,
        pieces: Pieces,
        progress: Progress,
        published: Callable[[], None],
        failed: Collection[str],
    ) -> None:
        self.published = published
        self.pieces, self._progress = pieces, progress
        self._failed, self.at = failed, ""

    def run(self, stack: ExitStack, pool: AbstractContextManager[Executor]) -> None:
        """Build what is not there."""
        self._stack, self._pool = stack, pool
        if self.pieces.json is None:
            self.make_rows(self.pieces.all[0])
            self.pieces = self.pieces.again  # the first shard says which columns are objects in all
        for piece in self._left:
            if not piece.home.ready:
                self.make_rows(piece)
        for piece in self._left:
            if not piece.home.complete:
                self.make_words(piece)
        if not self._failed:
            self.at = ""
            self.make_groups()

    @property
    def _left(self) -> Iterator[Piece]:
        for piece in self.pieces.all:
            self.at = piece.home.fingerprint
            if self.at not in self._failed:
                yield piece

    @cached_property
    def pool(self) -> Executor:
        return self._stack.enter_context(self._pool)

    def told(self, piece: Piece) -> Progress:
        """The progress of one shard as that of all rows."""
        before = sum(each.source.rows for each in self.pieces.all[: self.pieces.all.index(piece)])
        total = self.pieces.source.rows
        whole = self._progress

        def told(step: str, done: int, of: int) -> None:
            whole(step, *((done, of) if step == "copying" else (before + done, total)))

        return told

    def make_rows(self, piece: Piece) -> None:
        """Publish the rows of a shard and the words of its prompts."""
        place, progress = piece.home, self.told(piece)
        with building(place) as folder:
            jobs.clear(folder)
            source = jobs.with_copies(piece.source, place, self.pool, progress)
            planned = chunks.plan(source.files)
            own = jobs.result(self.pool.submit(jobs.json_columns_of, piece.source.files[0]))
            columns = own if self.pieces.json is None else self.pieces.json
            repeats = jobs.make_rows(source, planned, columns, folder, self.pool, progress)
            progress("fields", source.rows, source.rows)
            jobs.merge_rows(self.pool, source, place, len(planned), repeats)
            piece.source.check()
            digests = tuple(file.digest for file in piece.source.files)
            facts = Manifest(
                place.fingerprint,
                source.rows,
                source.plans,
                sources=digests,
                json=tuple(columns),
                own_json=tuple(own),
                repeats=repeats,
            )
            publish(place, facts)
            self.published()

    def make_words(self, piece: Piece) -> None:
        """Publish the words of a shard's reasoning and answers."""
        place, progress = piece.home, self.told(piece)
        with building(place) as folder:
            jobs.clear(folder)
            source = piece.source.with_files(place.copies(piece.source))
            planned = chunks.plan(source.files)
            place.out.mkdir(exist_ok=True)
            for part in jobs.make_words(planned, source.rows, place, self.pool, progress):
                piece.source.check()
                publish_part(place, part)
                self.published()

    def make_groups(self) -> None:
        """Say which rows of all shards are copies, unless that is said."""
        path, rows = self.pieces.groups, self.pieces.source.rows
        if not path.is_file():
            self._progress("copies", rows, rows)
            folders = [each.home.published for each in self.pieces.all]
            jobs.make_groups(self.pool, folders, path)
            self.published()


def _following(
    pieces: Pieces, progress: Progress, published: Callable[[], None]
) -> Callable[[], None]:
    """What is done while another process builds the same: what it publishes is opened as it comes."""
    seen: set[tuple[str, int]] = set()

    def waiting() -> None:
        nonlocal seen
        progress(ELSEWHERE, 0, pieces.source.rows)
        if (there := states(pieces.folder)) != seen:
            seen = there
            published()

    return waiting
