"""Whether the files of an open index are still what was published.

Sizes are looked at when it is opened; what is read past DuckDB, which has sums of its own, is checked
block by block when it is read first; all of it once behind the server, and a whole file when a statement
meets a fault in it. The first damage ends the index: its manifest is taken away, so that nobody opens it
again, and who had it opened is told.
"""

import io
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ..errors import Damaged, Failed
from . import manifest as manifests
from .in_use import Use
from .manifest import BLOCK, MANIFEST, Manifest

AGAIN = 10.0  # seconds after which a file that was sound at a fault is examined at the next one


def nobody(name: str) -> None:
    """Nobody is told of damage."""


class Integrity:
    """The files of one index that is in use. All methods may be called from several threads."""

    def __init__(self, folder: Path, use: Use, found: Callable[[str], None] = nobody) -> None:
        self._folder, self._use, self._found = folder, use, found
        self._lock = threading.Lock()
        self._sound: dict[
            str, float
        ] = {}  # when a file was examined for a fault last and was whole
        self._seen: dict[str, bytearray] = {}  # of a file, which of its blocks were whole
        self._handles: dict[str, Handle] = {}
        self._closing, self._closed = threading.Lock(), False
        self.damage = ""
        self.verified = False
        self.manifest = Manifest("")
        self.renew()

    def renew(self) -> None:
        """Read the manifest, which names further files by now, and look at the sizes of all. Raises
        Damaged, or Failed where it is no index any more."""
        try:
            found = manifests.read(self._folder)
        except Damaged:
            self._end(MANIFEST)
            raise
        if found is None:
            raise Failed("the index is not there any more")
        self.manifest = found
        for name, each in found.files.items():
            self._seen.setdefault(name, bytearray(len(each.blocks)))
            try:
                size = (self._folder / name).stat().st_size
            except FileNotFoundError:
                size = -1
            if size != each.size:
                raise self._end(name)

    def has(self, name: str) -> bool:
        """Whether a file belongs to the index."""
        return name in self.manifest.files

    def check(self) -> None:
        """Raise Damaged where that is known."""
        if self.damage:
            raise Damaged(self.damage)

    def examine(self, name: str) -> None:
        """Read a whole file, unless that was done just now. Raises Damaged where it is not what was
        published; Failed where it cannot be read."""
        with self._lock:
            self.check()
            if time.monotonic() - self._sound.get(name, -AGAIN) >= AGAIN:
                self._read(name, lambda: False)
                self._sound[name] = time.monotonic()

    def verify(self, ended: Callable[[], bool], pause: Callable[[float], object]) -> None:
        """Read all files once, until ``ended``; between blocks for as long as one took, others come
        first. Raises Damaged."""
        for name in list(self.manifest.files):
            self.check()
            self._read(name, ended, pause)
        self.verified = not ended()

    def file(self, name: str) -> "Checked":
        """A file to read, whose blocks are checked when they are met first."""
        handle = self._handles.get(name)
        if handle is None:
            handle = self._handles.setdefault(name, Handle(self._open(name)))
        return Checked(self, name, self.manifest.files[name].size, handle)

    def close(self) -> None:
        """Give the files back, each when its last reader is gone."""
        with self._closing:  # else a folder could be met that has the same number by now
            self._closed = True
            self._handles.clear()

    def whole(self, name: str, number: int, block: bytes) -> None:
        """Raise Damaged where a block is not what was published."""
        if manifests.hash_of(block) != self.manifest.files[name].blocks[number]:
            raise self._end(name)
        self._seen[name][number] = 1

    def seen(self, name: str, number: int) -> bool:
        """Whether a block was whole when it was read."""
        return bool(self._seen[name][number])

    def _read(
        self,
        name: str,
        ended: Callable[[], bool],
        pause: Callable[[float], object] = lambda seconds: None,
    ) -> None:
        handle = self._open(name)
        try:
            each = self.manifest.files[name]
            if os.fstat(handle).st_size != each.size:
                raise self._end(name)
            for number in range(len(each.blocks)):
                if ended():
                    return
                start = time.monotonic()
                self.whole(name, number, os.pread(handle, BLOCK, number * BLOCK))
                pause(time.monotonic() - start)
        except OSError as error:
            raise Failed(f"{name!r} of the index cannot be read ({error.strerror})") from error
        finally:
            os.close(handle)

    def _open(self, name: str) -> int:
        """A file of the very folder that is in use, wherever that was moved to since."""
        try:
            with self._closing:
                if self._closed:
                    raise Failed("the index is closed")
                return os.open(name, os.O_RDONLY, dir_fd=self._use.handle)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise Failed(f"{name!r} of the index cannot be read ({error.strerror})") from error
        raise self._end(name)

    def _end(self, name: str) -> Damaged:
        """The index is worth nothing any more."""
        first, self.damage = not self.damage, self.damage or name
        if first:
            with self._closing, suppress(OSError):  # a directory that can only be read
                if not self._closed:
                    os.unlink(MANIFEST, dir_fd=self._use.handle)
            self._found(name)
        return Damaged(name)


class Handle:
    """An open file that several readers share; it is given back when nobody refers to it any more."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.close(self.number)


class Checked(io.RawIOBase):
    """A file of an index, for one reader at a time."""

    def __init__(self, integrity: Integrity, name: str, size: int, handle: Handle) -> None:
        self._integrity, self._name, self._handle = integrity, name, handle
        self._size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises Damaged where they are not what was published."""
        stop = self._size if size < 0 else min(self._at + size, self._size)
        for number in range(self._at // BLOCK, -(-stop // BLOCK)):
            if not self._integrity.seen(self._name, number):
                block = os.pread(self._handle.number, BLOCK, number * BLOCK)
                self._integrity.whole(self._name, number, block)
        content = os.pread(self._handle.number, max(0, stop - self._at), self._at)
        self._at += len(content)
        return content
