"""What many ask at the same time, and one of them does for all."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from annotations.services.together import Together


class Slow:
    """Doubles numbers; the first group waits until it may go on."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, asked: Sequence[int]) -> list[int]:
        self.groups.append(list(asked))
        self.begun.set()
        assert self.go.wait(10)
        if -1 in asked:
            raise ValueError("no negative numbers")
        return [2 * number for number in asked]


def _asked(slow: Slow, first: int, *others: int) -> list["Future[int]"]:
    """One who is being served, and others who come meanwhile."""
    together = Together(slow)
    with ThreadPoolExecutor(1 + len(others)) as pool:
        futures = [pool.submit(together.ask, first)]
        assert slow.begun.wait(10)
        futures += [pool.submit(together.ask, number) for number in others]
        while len(together._waiting) < len(others):
            threading.Event().wait(0.01)
        slow.go.set()
    return futures


def test_all_who_came_meanwhile_are_served_at_once_and_get_their_own() -> None:
    slow = Slow()
    futures = _asked(slow, 1, 2, 3, 4)
    assert [future.result() for future in futures] == [2, 4, 6, 8]
    assert slow.groups[0] == [1]
    assert sorted(slow.groups[1]) == [2, 3, 4]
    assert len(slow.groups) == 2


def test_what_is_wrong_with_one_is_told_to_that_one_alone() -> None:
    futures = _asked(Slow(), 1, 2, -1, 4)
    assert [futures[place].result() for place in (0, 1, 3)] == [2, 4, 8]
    with pytest.raises(ValueError, match="no negative"):
        futures[2].result()
