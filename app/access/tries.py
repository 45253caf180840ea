"""Tries with secrets that no token has: so many from one address and in all, then none for a while.

Addresses are those of clients; of IPv6 the network, which one client has as a whole. What is kept is bounded.
The same wrong secret again tells nobody anything: a program with an old one does not shut out its neighbours.
"""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

KEPT = 10_000  # addresses, and wrong secrets
KNOWN = 24 * 3600.0  # seconds that an address counts as one from which a token came


@dataclass(frozen=True)
class Pace:
    """So many tries at once, then one each ``seconds``."""

    most: int
    seconds: float


EACH = Pace(10, 6.0)
ALL = Pace(100, 0.5)


class Tries:
    """Those at one server. All methods are called from one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all = 0.0  # when all tries so far are forgiven
        self._forgiven: OrderedDict[str, float] = OrderedDict()  # the same by address
        self._wrong: OrderedDict[tuple[str, bytes], None] = OrderedDict()
        self._known: OrderedDict[str, float] = OrderedDict()  # when a token last came from it

    def wait(self, host: str) -> int:
        """Seconds until an address may try again; 0 where it may. Where tokens come from an address, the
        tries of others do not count."""
        now, who = self._clock(), network(host)
        wait = _wait(self._forgiven.get(who, 0.0) - now, EACH)
        if now - self._known.get(who, -math.inf) < KNOWN:
            return wait
        return max(wait, _wait(self._all - now, ALL))

    def failed(self, host: str, hashed: bytes) -> None:
        """A wrong secret came from an address."""
        now, who = self._clock(), network(host)
        if (who, hashed) in self._wrong:
            return
        _keep(self._wrong, (who, hashed), None)
        _keep(self._forgiven, who, max(self._forgiven.get(who, 0.0), now) + EACH.seconds)
        self._all = max(self._all, now) + ALL.seconds

    def succeeded(self, host: str) -> None:
        """A token came from an address."""
        _keep(self._known, network(host), self._clock())


def network(host: str) -> str:
    """What stands for an address: itself, of IPv6 its network of 64 bits."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


def _wait(ahead: float, pace: Pace) -> int:
    return max(0, math.ceil(ahead - (pace.most - 1) * pace.seconds))


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > KEPT:
        kept.popitem(last=False)
