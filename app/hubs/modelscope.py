"""The ModelScope hub, through its client: it gives the session, the endpoint and the token.

Its revisions are names alone: what tells two states of a dataset is the list of files with their hashes.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

from ..errors import NotFetched
from .faults import BUSY, NO_PART, Broken, Later, NoPart, Site, refusal, seconds_of
from .listing import Body, Listing, RemoteFile, first_byte, is_safe
from .repository import Repository

SITE = Site("ModelScope", "ms-hub login", "MODELSCOPE_API_TOKEN")
_CHUNK = 2**14  # what a break loses at most
_DATASET = "dataset"


class ModelScope:
    """Its datasets. Raises ImportError where its client is not installed."""

    title = SITE.title

    def __init__(self) -> None:
        from modelscope_hub import HubApi, HubConfig

        logging.getLogger("modelscope_hub").setLevel(logging.CRITICAL)  # it is told here
        config = HubConfig()
        self._api = HubApi(config)
        self._endpoint = str(config.endpoint)
        self.host = urlsplit(self._endpoint).hostname or self._endpoint

    def listing(self, repository: Repository) -> Listing:
        """The files of a revision. The client asks four times by itself, which is enough."""
        asked = repository.revision or "master"
        try:
            with self._faults(repository):
                listed = self._api.list_repo_files(repository.id, _DATASET, revision=asked)
        except Broken as fault:
            raise NotFetched(f"{self.title} did not answer: {fault}") from fault
        files = tuple(
            RemoteFile(each.path, each.size or 0, each.sha256 or "")
            for each in listed
            if each.type != "tree" and is_safe(each.path)
        )
        page = f"{self._endpoint}/datasets/{repository.id}"
        return Listing(_state(files), asked, files, page)

    def close(self) -> None:
        """Give up the client's connections, which it has no word for."""
        for session in (self._api.legacy._session, self._api.legacy._read_session):
            session.close()

    def conversion(self, repository: Repository) -> Repository | None:
        """It makes none."""
        return None

    def opened(
        self, repository: Repository, listing: Listing, file: RemoteFile, start: int
    ) -> AbstractContextManager[Body]:
        """A file from a byte on."""
        return self._body(repository, listing.asked, file, start)

    @contextmanager
    def _body(
        self, repository: Repository, revision: str, file: RemoteFile, start: int
    ) -> Iterator[Body]:
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        with self._faults(repository, file.path):
            answer = self._api.legacy.download_stream(
                repository.id, _DATASET, file.path, revision, headers=headers
            )
            with answer:
                start = first_byte(answer.status_code, answer.headers.get("Content-Range", ""))
                yield Body(start, answer.iter_content(_CHUNK))

    @contextmanager
    def _faults(self, repository: Repository, file: str = "") -> Iterator[None]:
        """What the client raises, as a refusal or as what may be asked again."""
        from modelscope_hub import APIError, HubError
        from requests import RequestException

        try:
            yield
        except APIError as error:
            status = error.status_code or 0
            seconds = getattr(error, "retry_after", None)
            if status == NO_PART:
                raise NoPart("it has no such part") from error
            if status == 429:
                raise Later(f"it answers {status}", seconds_of(str(seconds or ""))) from error
            if status in BUSY or not status:
                raise Broken(f"it answers {status or 'nothing'}") from error
            raise refusal(SITE, repository, status, file=file) from error
        except (HubError, RequestException) as error:
            raise Broken(f"no answer from {self.host} ({type(error).__name__})") from error


def _state(files: tuple[RemoteFile, ...]) -> str:
    """What tells this list of files from any other."""
    digest = hashlib.blake2b(digest_size=20)
    for each in sorted(files, key=lambda file: file.path):
        digest.update(repr((each.path, each.size, each.sha256)).encode("utf-8", "replace"))
    return digest.hexdigest()
