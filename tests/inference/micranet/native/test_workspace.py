"""Rooms of threads do not overlap, and what lies on large pages is the same."""

import ctypes
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import torch

from inference.micranet.native.workspace import LARGE_PAGE, on_large_pages, workspace


def test_every_thread_has_a_room_of_its_own() -> None:
    size, meet = 3 * LARGE_PAGE, Barrier(2, timeout=60)

    def fill(value: int) -> set[int]:
        start = workspace(size)
        meet.wait()
        ctypes.memset(start, value, size)
        meet.wait()
        return set(ctypes.string_at(start, size))

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(fill, (1, 2))) == [{1}, {2}]


def test_a_room_stays_while_it_is_large_enough_and_begins_on_a_large_page() -> None:
    with ThreadPoolExecutor(1) as pool:
        first, same, larger = (
            pool.submit(workspace, size).result() for size in (100, LARGE_PAGE, LARGE_PAGE + 1)
        )
    assert first == same
    assert first % LARGE_PAGE == larger % LARGE_PAGE == 0


def test_a_tensor_on_large_pages_holds_the_same_values() -> None:
    values = torch.rand(3, LARGE_PAGE // 4, generator=torch.Generator().manual_seed(0))
    copied = on_large_pages(values)
    assert copied.data_ptr() % LARGE_PAGE == 0
    assert torch.equal(copied, values)
    assert on_large_pages(values[0, :10]).data_ptr() == values.data_ptr()


def test_a_forked_worker_does_not_write_into_our_room() -> None:
    start = workspace(100)
    ctypes.memset(start, 1, 100)
    child = os.fork()
    if not child:
        ctypes.memset(start, 2, 100)
        os._exit(0)
    os.waitpid(child, 0)
    assert set(ctypes.string_at(start, 100)) == {1}
