"""How this process takes memory, and what of it is looked at for garbage. Knows nothing of the rest."""

import ctypes
import gc
import os
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

# Of glibc's malloc.h
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8

KEPT = 64 * 2**20
LARGE = 8 * 2**20
BUILDING = 32 * 2**20  # the most that glibc takes
LOOK = 0.5  # seconds between two looks at how large the process is
GROWN = 48 * 2**20  # bytes by which it grows before what is free is given back
LOOKS = 20  # after which it is given back, however little it is

_STATM = Path("/proc/self/statm")  # of Linux


def share(large: int = LARGE) -> None:
    """Let all threads take memory from one place. With the defaults each of the server's 40 keeps its
    own for later: reading pages for 32 clients took 740 MB, and 240 MB so.

    Blocks of ``large`` bytes and more are given back at once, of smaller ones ``KEPT`` bytes are kept, since
    to take memory from the system anew costs time. A server keeps arrays of a number a row among others
    that it soon frees: of blocks that stand by themselves nothing stays between them. What an export decodes
    and joins, some megabytes at a time, is below: 10,000 page faults fewer for 57 MB, a tenth of its time. A
    build's processes take the same again and again: with ``BUILDING`` it halves their page faults, and the
    time that the system takes for them.

    To be called before Arrow is imported, which looks at its variable once.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    with suppress(OSError, AttributeError):  # glibc alone has it
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, 2)
        library.mallopt(_M_MMAP_THRESHOLD, large)
        library.mallopt(_M_TRIM_THRESHOLD, KEPT)


def give_back() -> None:
    """Give the system what nobody uses, wherever it stands. By itself only what is free behind all that is in
    use is given back: under load a server's memory rose by steps and never fell.
    """
    with suppress(OSError, AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)


def keep_small(wait: Callable[[float], bool]) -> None:
    """Give back what is free each time that the process has grown by ``GROWN``, and now and then whatever
    that is, until ``wait``, which is told how many seconds to wait, says that it is the end.

    32 clients free 100 MB a second here and there between what stays; to give that back takes one of a
    hundred seconds of the processor.
    """
    least = resident()
    for looks in count(1):
        if wait(LOOK):
            return
        if resident() - least >= GROWN or looks % LOOKS == 0:
            give_back()
            least = resident()
        least = min(least, resident())


def resident() -> int:
    """Bytes of memory that the process has; 0 where that cannot be told."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def settle() -> None:
    """Leave out what is there now when garbage is looked for: modules, routes and classes stay as long as
    the process, and to look at them all made now and then an answer wait for 75 ms; now for 15.

    To be called once, before anything is asked: circles of what is there now are never found again.
    """
    gc.collect()
    gc.freeze()
