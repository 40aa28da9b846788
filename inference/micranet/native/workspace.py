"""Room for a thread's work, and arrays, on large pages where the system has them.

A block of pixels at Winograd's points lies on so many small pages that looking these up would cost
as much as the transforms.
"""

import ctypes
import mmap
import threading

import torch
from torch import Tensor

LARGE_PAGE = 2 << 20

_own = threading.local()


def workspace(size: int) -> int:
    """The address of at least ``size`` bytes for the calling thread, until it asks again.

    Nothing is promised about what they hold. They are kept while the thread lives.
    """
    if getattr(_own, "size", 0) < size:
        _own.size = -(-size // LARGE_PAGE) * LARGE_PAGE
        _own.pages, _own.start = _large_pages(_own.size)
    return ctypes.addressof(ctypes.c_char.from_buffer(_own.pages, _own.start))


def on_large_pages(values: Tensor) -> Tensor:
    """A copy of a contiguous tensor on the CPU; small ones are left where they are."""
    size = values.numel() * values.element_size()
    if size < LARGE_PAGE:
        return values
    pages, start = _large_pages(size)
    room = torch.frombuffer(pages, dtype=values.dtype, count=values.numel(), offset=start)
    return room.view(values.shape).copy_(values)


def _large_pages(size: int) -> tuple[mmap.mmap, int]:
    """So many bytes of zeros, and where the first large page in them begins."""
    length = -(-size // LARGE_PAGE) * LARGE_PAGE + LARGE_PAGE
    # shared memory, the default, gets no large pages, and a forked worker would write into ours
    private = hasattr(mmap, "MAP_PRIVATE")
    flags = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if private else {}
    pages = mmap.mmap(-1, length, **flags)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        pages.madvise(mmap.MADV_HUGEPAGE)
    return pages, -ctypes.addressof(ctypes.c_char.from_buffer(pages)) % LARGE_PAGE
