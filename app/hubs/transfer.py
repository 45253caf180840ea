"""One file of a hub, brought whole: taken up where it broke, and believed only by its hash.

While it comes it is called ``NAME.part``; what a break left of it stays for the next call.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from ..errors import NotFetched
from .faults import Broken, Later, NoPart
from .listing import Hub, Listing, RemoteFile
from .patience import Patience
from .repository import Repository

PART = ".part"
_READ = 2**20

# Called with the bytes of the file that are here.
Came = Callable[[int], None]


class Transfer:
    """A file on its way to a place."""

    def __init__(
        self, hub: Hub, repository: Repository, listing: Listing, told: Callable[[str], None]
    ) -> None:
        self.hub = hub
        self.repository = repository
        self.listing = listing
        self.told = told

    def bring(self, file: RemoteFile, place: Path, came: Came) -> None:
        """Put a file into its place. Raises NotFetched where it cannot be had or has another hash,
        Unreadable where the hub does not give it, OSError for the disk."""
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(place.name + PART)
        taken_up = part.exists() and part.stat().st_size > 0
        self._fill(file, part, came)
        if not _right(file, part):
            part.unlink()
            if not taken_up:
                raise NotFetched(
                    f"{file.path!r} did not come as {self.hub.title} lists it, its hash is another: "
                    "it was thrown away; try again"
                )
            self._fill(file, part, came)  # what was here before may have been the wrong half
            if not _right(file, part):
                part.unlink()
                raise NotFetched(
                    f"{file.path!r} did not come as {self.hub.title} lists it, not even anew: it was "
                    "thrown away; try again"
                )
        part.replace(place)

    def _fill(self, file: RemoteFile, part: Path, came: Came) -> None:
        patience = Patience(self.hub.title, self.told)
        with part.open("ab") as out:
            while out.tell() < file.size:
                before = out.tell()
                try:
                    self._take(file, out.fileno(), before, came)
                except (Broken, Later) as fault:
                    if isinstance(fault, NoPart):
                        out.truncate(0)
                    out.seek(0, os.SEEK_END)
                    if out.tell() > before:
                        patience.renew()
                    patience.wait(fault)
                out.seek(0, os.SEEK_END)
            if out.tell() > file.size:
                out.truncate(0)
            os.fsync(out.fileno())

    def _take(self, file: RemoteFile, out: int, start: int, came: Came) -> None:
        """Append what the hub gives from a byte on; anew where it gives the whole."""
        with self.hub.opened(self.repository, self.listing, file, start) as body:
            size = body.start
            os.ftruncate(out, size)
            came(size)
            for chunk in body.chunks:
                size += len(chunk)
                if size > file.size:
                    raise Broken(
                        f"{file.path!r} came with more than the {file.size:,} bytes listed"
                    )
                _write(out, chunk)
                came(size)
        if size != file.size:
            raise Broken(f"{file.path!r} ended after {size:,} of {file.size:,} bytes")


def _write(out: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(out, rest) :]


def _right(file: RemoteFile, path: Path) -> bool:
    """Whether a file has the size and the hash that the hub lists."""
    if path.stat().st_size != file.size:
        return False
    if not (file.sha256 or file.blob):
        return True
    digest = hashlib.sha256() if file.sha256 else hashlib.sha1(b"blob %d\0" % file.size)  # noqa: S324 (git's)
    with path.open("rb") as opened:
        while block := opened.read(_READ):
            digest.update(block)
    return digest.hexdigest() == (file.sha256 or file.blob)
