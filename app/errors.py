"""The errors a user can meet: each carries a plain sentence, an HTTP status, a code and an exit code.

Knows nothing of HTTP libraries, DuckDB or Parquet: the layers that meet a fault translate it
into one of these with ``raise ... from``, and the edges (web, command line) only print them.
"""

from pathlib import Path


class ThinklensError(Exception):
    """A fault with a sentence for the user, which has no full stop of its own: what a library says at its
    end may bring one.

    ``status`` is the HTTP status, ``code`` a short stable word for programs, ``exit_code`` what
    the command line ends with.
    """

    status = 500
    code = "error"
    exit_code = 1

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence.removesuffix(".")


class InvalidInput(ThinklensError):
    """A parameter, filter, search or option that cannot be taken as it is."""

    status = 422
    code = "invalid"
    exit_code = 2


class NotFound(ThinklensError):
    """A dataset, row or page that is not there. ``link`` may lead to one that is."""

    status = 404
    code = "not_found"
    exit_code = 2

    def __init__(self, sentence: str, link: str = "", link_text: str = "") -> None:
        super().__init__(sentence)
        self.link = link
        self.link_text = link_text


class NoPage(NotFound):
    """A page beyond the last of the results, which is ``last``."""

    def __init__(self, page: int, last: int) -> None:
        super().__init__(f"there is no page {page:,}: the last one is {last:,}")
        self.last = last


class NotReady(ThinklensError):
    """A part of an index that is not built yet; ``standing`` are the parts that were, when it was asked."""

    status = 409
    code = "not_ready"

    def __init__(self, sentence: str, standing: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.standing = standing


class Damaged(NotReady):
    """A file of an index that is not any more what was published: ``file``, in ``folder`` where only that
    tells which index."""

    code = "damaged"

    def __init__(self, file: str, folder: Path | None = None) -> None:
        super().__init__(
            f"the index is damaged in {file!r}: it is built anew by itself, and can be searched when "
            "that is done"
        )
        self.file = file
        self.folder = folder


class SourceChanged(ThinklensError):
    """A source file that changed or vanished since its index was built: ``what`` became of it, and what
    is to be done."""

    status = 409
    code = "source_changed"

    def __init__(self, what: str, then: str = "") -> None:
        super().__init__(f"{what}: {then}" if then else what)
        self.what = what


class Unreadable(ThinklensError):
    """A PATH that is missing, holds no Parquet, or a Parquet file that cannot be read: ``file`` of its
    dataset, where one alone is at fault."""

    file = ""

    status = 409
    code = "unreadable"
    exit_code = 2


class TooLarge(ThinklensError):
    """A row, page or request that takes more than is given to one."""

    status = 413
    code = "too_large"


class Busy(ThinklensError):
    """Nothing is wrong but that too much is asked at the same time; to be asked again in ``seconds``."""

    status = 503
    code = "busy"

    def __init__(self, sentence: str, seconds: int = 5) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class NoToken(ThinklensError):
    """What only those may ask who say a token: none was said, or one that is not known."""

    status = 401
    code = "no_token"


class TooManyTries(Busy):
    """So many wrong secrets from one address, or in all, that none is looked at for a while."""

    status = 429
    code = "too_many_tries"


class CannotBeAsked(ThinklensError):
    """A dataset that could not be indexed, or failed in another way that was told when it happened."""

    status = 409
    code = "not_available"


class NotFetched(ThinklensError):
    """A dataset of a hub that could not be brought here now: no network, a hub that is busy, other bytes
    than it lists."""

    status = 409
    code = "not_fetched"


class BrokenOff(ThinklensError):
    """An answer under way that ends by what its client does, or does not: nobody is there to be told."""

    code = "broken_off"


class TookTooLong(ThinklensError):
    """A query that was ended at its time limit."""

    status = 503
    code = "time_limit"


class OutOfSpace(ThinklensError):
    """The data directory cannot take what has to be written."""

    status = 507
    code = "no_space"


class Failed(ThinklensError):
    """Any other failure that has a plain cause: a port in use, a directory that cannot be written."""

    code = "failed"


class Scanning(ThinklensError):
    """An answer that texts are still being read for; to be asked for again."""

    status = 503
    code = "scanning"

    def __init__(self, done: int, total: int, part: str = "") -> None:
        of = f" of the {part}" if part else ""
        super().__init__(f"still reading the texts{of}: {done:,} of {total:,} rows")
        self.part = part
        self.done = done
        self.total = total
