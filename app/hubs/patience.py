"""How often and how long a hub is waited for: some tries in a row, and never longer than a minute."""

from collections.abc import Callable
from time import sleep
from typing import TypeVar

from ..errors import NotFetched
from .faults import Broken, Later

TRIES = 5  # in a row that bring nothing
FIRST_WAIT = 1.0  # seconds; twice as long each time
LONGEST = 60.0  # seconds that a hub may ask to wait, once and in a row

T = TypeVar("T")


class Patience:
    """What is left of it. ``title`` is the hub's name, in sentences; ``told`` is given words for each
    wait."""

    def __init__(self, title: str, told: Callable[[str], None]) -> None:
        self.title = title
        self.told = told
        self.renew()

    def renew(self) -> None:
        """Something came: all tries are left again."""
        self._tries, self._waited = 0, 0.0

    def wait(self, fault: Broken | Later) -> None:
        """Wait for another try. Raises NotFetched where that was the last, or would take too long."""
        self._tries += 1
        seconds = FIRST_WAIT * 2 ** (self._tries - 1)
        if isinstance(fault, Later) and fault.seconds:
            seconds = fault.seconds
        if isinstance(fault, Later) and self._waited + seconds > LONGEST:
            raise NotFetched(
                f"{self.title} takes no more requests now and asks to wait {seconds:,.0f} seconds: "
                "try again then"
            ) from fault
        if self._tries >= TRIES:
            raise NotFetched(f"{self.title} did not answer in {TRIES} tries: {fault}") from fault
        self._waited += seconds
        self.told(f"waiting {seconds:,.0f} s for {self.title}: {fault}")
        sleep(seconds)

    def until_answered(self, ask: Callable[[], T]) -> T:
        """What is asked, asked again while that may help."""
        while True:
            try:
                return ask()
            except (Broken, Later) as fault:
                self.wait(fault)
