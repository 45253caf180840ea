"""What a hub refuses, in sentences. No header, token or signed address stands in one of them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..errors import ThinklensError, Unreadable
from .repository import Repository

GATED, NO_REVISION, NO_FILE = "GatedRepo", "RevisionNotFound", "EntryNotFound"
NO_PART = 416
BUSY = (408, 429, 500, 502, 503, 504)


class Broken(Exception):
    """A connection that broke or an answer that ended early: what was asked may be asked again."""


class NoPart(Broken):
    """A part that the hub does not have: what is here is no beginning of its file."""


class Later(Exception):
    """The hub asks to wait; ``seconds`` is 0 where it does not say how long."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


@dataclass(frozen=True)
class Site:
    """The words for a hub: ``login`` is how one logs in, ``variable`` what a token may stand in."""

    title: str
    login: str
    variable: str


def refusal(
    site: Site, repository: Repository, status: int, code: str = "", file: str = ""
) -> ThinklensError:
    """A refusal by its status and the hub's own code for it."""
    named = f"{repository.id!r} on {site.title}"
    token = f"log in with {site.login!r} or set {site.variable}"
    if code == GATED or status == 403:
        return Unreadable(
            f"{named} is gated: its conditions are to be accepted on its page, and it needs a "
            f"token: {token}"
        )
    if code == NO_REVISION:
        return Unreadable(f"{named} has no revision {repository.revision!r}")
    if code == NO_FILE or (status == 404 and file):
        return Unreadable(f"{named} has no file {file!r} in this revision")
    if status in (401, 404):
        return Unreadable(
            f"there is no dataset {named}, or none without a token that may read it: {token}"
        )
    return Unreadable(f"{site.title} refused {repository.id!r} (HTTP {status})")


def seconds_of(header: str) -> float:
    """The seconds of a ``Retry-After``: a number or a date; 0 for none that can be read."""
    text = header.strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
        return float(text)
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
