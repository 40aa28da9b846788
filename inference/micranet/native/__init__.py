"""Kernels in C for 3x3 convolutions, built with the package where there is a compiler.

``kernels.c`` says what each does. They are built twice, for processors with AVX-512 and for those
with AVX2. Without a built library, or on a processor that lacks both, the engine runs on torch
alone, some two to three times more slowly and with the same result.
"""

import ctypes
import functools
import platform
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor

from inference.micranet.native.workspace import workspace

PANEL = 16
# The libraries that a processor can run, by what torch calls it; the better one first. Processors
# that are not x86 run the second by the vectors that their compiler makes of it.
_WIDE, _NARROW = (f"inference.micranet.native.{name}" for name in ("_kernels_wide", "_kernels"))
_LIBRARIES = {"AVX512": (_WIDE, _NARROW), "AVX2": (_NARROW,)}


class LayerArgs(ctypes.Structure):
    """``Layer`` of layer.h; pointers as addresses, 0 for none."""


LayerArgs._fields_ = (
    *((name, ctypes.c_void_p) for name in ("input", "output", "kernel", "bias", "gate")),
    *((name, ctypes.c_void_p) for name in ("owner", "sums", "gated", "pooled", "chosen")),
    ("before", ctypes.POINTER(LayerArgs)),
    *((name, ctypes.c_int32) for name in ("height", "width", "inputs", "outputs", "side")),
)


@functools.cache
def library() -> ctypes.CDLL | None:
    """The fastest built kernels that can run here, or None."""
    return next((built for name in _runnable() if (built := _loaded(name)) is not None), None)


def lanes() -> int:
    """Floats that the kernels work on at once: 16, 8, or 0 without kernels."""
    built = library()
    return 0 if built is None else int(built.micranet_lanes())


def _runnable() -> tuple[str, ...]:
    if platform.machine() not in {"x86_64", "AMD64"}:
        return (_NARROW,)
    # asked again at run time: an image or a folder may move to an older machine
    return _LIBRARIES.get(torch.backends.cpu.get_cpu_capability(), ())


def _loaded(name: str) -> ctypes.CDLL | None:
    found = find_spec(name)
    if found is None or found.origin is None:
        return None
    try:
        built = ctypes.CDLL(found.origin)
    except OSError:
        return None
    return built if _is_current(built) else None


def _is_current(built: ctypes.CDLL) -> bool:
    """False for a library from before its source last changed: its arguments lay elsewhere."""
    size = getattr(built, "micranet_layer_size", None)
    same = size is not None and size() == ctypes.sizeof(LayerArgs)
    return same and hasattr(built, "micranet_lanes")


def takes(values: Tensor) -> bool:
    """Whether the kernels can work on an array of this kind."""
    return library() is not None and values.device.type == "cpu" and values.dtype == torch.float32


@functools.cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="micranet")


def shared_out(units: int, run: Callable[[int, int, int], None]) -> None:
    """``run(part, first, last)`` over all units, as many parts at once as torch has threads.

    ctypes lets go of the interpreter's lock during a call, so the parts truly run at once.
    """
    parts = max(1, min(torch.get_num_threads(), units))
    bounds = [units * k // parts for k in range(parts + 1)]
    if parts == 1:
        run(0, 0, units)
        return
    jobs = [_pool(parts).submit(run, k, bounds[k], bounds[k + 1]) for k in range(1, parts)]
    try:
        run(0, 0, bounds[1])
    finally:
        for job in jobs:
            job.result()


def address(tensor: Tensor | None, *, start: int = 0) -> int:
    """Where the tensor's values lie, ``start`` elements on; 0 for none."""
    if tensor is None:
        return 0
    return int(tensor.data_ptr()) + start * tensor.element_size()


def call(name: str, units: int, args: ctypes.Structure, *more: Any) -> None:
    """A kernel over all units; one call per thread."""
    shared_out(units, lambda part, first, last: run_part(name, args, first, last, *more))


def run_part(name: str, args: ctypes.Structure, first: int, last: int, *more: Any) -> None:
    """A kernel over units ``first`` to ``last`` in this thread."""
    kernel = getattr(library(), name)
    if kernel(ctypes.byref(args), *more, ctypes.c_long(first), ctypes.c_long(last)):
        raise MemoryError("The convolution found no memory for its work.")


def convolve(args: LayerArgs, first: int, last: int) -> None:
    """``micranet_convolve`` over rows ``first`` to ``last`` of blocks in this thread."""
    built = library()
    assert built is not None
    built.micranet_room.restype = ctypes.c_long
    room = workspace(4 * int(built.micranet_room(ctypes.byref(args))))
    run_part("micranet_convolve", args, first, last, ctypes.c_void_p(room))
