"""The Hugging Face hub, by its HTTP addresses. Its client gives the session, the endpoint and the token.

The client's own downloads are not used: it throws away what a break left, and waits as long as it is told.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from .. import __version__
from ..errors import NotFetched
from .faults import BUSY, NO_PART, Broken, Later, NoPart, Site, refusal, seconds_of
from .listing import Body, Listing, RemoteFile, first_byte, is_safe
from .repository import Repository

if TYPE_CHECKING:
    from httpx2 import Response

SITE = Site("Hugging Face", "hf auth login", "HF_TOKEN")
CONVERTED = "refs/convert/parquet"
_SECONDS = 30.0  # without a byte
_MOST_PAGES = 1_000  # of a listing; the hub gives 1,000 files on each


class HuggingFace:
    """Its datasets. Raises ImportError where its client is not installed."""

    title = SITE.title

    def __init__(self) -> None:
        from huggingface_hub import close_session, constants, get_session, get_token

        self._endpoint = constants.ENDPOINT
        self._session, self._close = get_session, close_session
        token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._headers["User-Agent"] = f"thinklens/{__version__}"
        self.host = urlsplit(self._endpoint).hostname or self._endpoint

    def listing(self, repository: Repository) -> Listing:
        """The files of the commit that the revision leads to."""
        revision = quote(repository.revision or "main", safe="")
        about = f"{self._endpoint}/api/datasets/{repository.id}"
        page = f"{self._endpoint}/datasets/{repository.id}"
        try:
            commit = str(self._asked(repository, f"{about}/revision/{revision}").json()["sha"])
            files = tuple(self._files(repository, f"{about}/tree/{commit}"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotFetched(f"{self.host} answers, but not as {self.title} does") from error
        return Listing(commit, commit, files, page)

    def close(self) -> None:
        """Give up the client's connections; it makes new ones where it is asked again."""
        self._close()

    def conversion(self, repository: Repository) -> Repository | None:
        """The Parquet that the hub makes of a dataset, at a revision of its own."""
        return None if repository.revision else replace(repository, revision=CONVERTED)

    def opened(
        self, repository: Repository, listing: Listing, file: RemoteFile, start: int
    ) -> AbstractContextManager[Body]:
        """A file from a byte on."""
        address = (
            f"{self._endpoint}/datasets/{repository.id}/resolve/{listing.asked}/{quote(file.path)}"
        )
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        return self._body(repository, file, address, headers)

    @contextmanager
    def _body(
        self, repository: Repository, file: RemoteFile, address: str, headers: dict[str, str]
    ) -> Iterator[Body]:
        with (
            self._faults(),
            self._session().stream(
                "GET", address, headers={**self._headers, **headers}, timeout=_SECONDS
            ) as answer,
        ):
            _refuse(repository, answer, file.path)
            start = first_byte(answer.status_code, answer.headers.get("Content-Range", ""))
            yield Body(start, answer.iter_bytes())

    def _files(self, repository: Repository, address: str) -> Iterator[RemoteFile]:
        following = f"{address}?recursive=true"
        for _ in range(_MOST_PAGES):
            answer = self._asked(repository, following)
            for each in answer.json():
                path = str(each.get("path") or "")
                if each.get("type") == "file" and is_safe(path):
                    lfs = each.get("lfs") or {}
                    size = int(lfs.get("size") or each.get("size") or 0)
                    blob = "" if lfs else str(each.get("oid") or "")
                    yield RemoteFile(path, size, str(lfs.get("oid") or ""), blob)
            further = answer.links.get("next", {}).get("url", "")
            if not further:
                return
            following = f"{address}?{urlsplit(further).query}"  # never at another host
        raise NotFetched(f"{repository.id!r} has more files than can be listed")

    def _asked(self, repository: Repository, address: str) -> "Response":
        with self._faults():
            answer = self._session().get(address, headers=self._headers, timeout=_SECONDS)
        _refuse(repository, answer)
        return answer

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """What the client raises over a connection as what may be asked again."""
        from httpx2 import HTTPError, InvalidURL
        from huggingface_hub.errors import OfflineModeIsEnabled

        try:
            yield
        except OfflineModeIsEnabled:
            raise NotFetched(
                f"{self.title} is not asked: HF_HUB_OFFLINE says that there is no network"
            ) from None
        except InvalidURL:
            raise NotFetched(f"{self.host!r} is no address of a hub") from None
        except HTTPError as error:
            raise Broken(f"no answer from {self.host} ({type(error).__name__})") from error


def _refuse(repository: Repository, answer: "Response", file: str = "") -> None:
    """Raise what a refusal means."""
    status, headers = answer.status_code, answer.headers
    if status == NO_PART:
        raise NoPart("it has no such part")
    if status in BUSY:
        said = f"it answers {status}"
        seconds = seconds_of(headers.get("Retry-After", ""))
        raise Later(said, seconds) if status == 429 or seconds else Broken(said)
    if status >= 400:
        raise refusal(SITE, repository, status, headers.get("X-Error-Code", ""), file)
