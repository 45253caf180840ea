"""Coroutines in tests: run in a thread of their own, since a browser's test may have left a running loop."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Value = TypeVar("Value")


def ended(coroutine: Coroutine[Any, Any, Value]) -> Value:
    """What a coroutine gives in the end."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
