"""End children whose parent was killed before it could end them."""

import ctypes
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def dies_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return a preexec function that has the kernel send `number` when the parent dies.

    Only Linux can do this; elsewhere None, and a parent that is killed with SIGKILL leaves its
    children behind. The library is opened here and not in the returned function, because little
    is safe between fork and exec.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)

    return ask_kernel
