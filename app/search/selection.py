"""Which rows of several sorted lists come first, without putting the lists together. Pure.

A deep page of results is cut out so: no list leaves a shard, each tells single keys and how many come
before one.
"""

from collections.abc import Callable, Sequence

# The key at a place of a list; how many keys of a list come before a key.
KeyAt = Callable[[int, int], int]
Before = Callable[[int, int], int]


def cut(sizes: Sequence[int], first: int, key_at: KeyAt, before: Before) -> list[int]:
    """How many of each list are among the ``first`` of all; keys are all different.

    Halves the widest doubtful range in each step: some ``log(size)`` steps for each list.
    """
    low = [0] * len(sizes)
    high = [min(size, first) for size in sizes]
    while sum(low) < min(first, sum(sizes)):
        widest = max(range(len(sizes)), key=lambda number: high[number] - low[number])
        middle = (low[widest] + high[widest]) // 2
        key = key_at(widest, middle)
        ahead = [before(number, key) for number in range(len(sizes))]
        if sum(ahead) < first:  # this one is among them, and all before it
            low = [max(one, two) for one, two in zip(low, ahead, strict=True)]
            low[widest] = max(low[widest], middle + 1)
        else:
            high = [min(one, two) for one, two in zip(high, ahead, strict=True)]
    return low
