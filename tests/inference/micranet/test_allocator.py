"""The allocator is tuned where there is a glibc."""

import platform
import sys

from inference.micranet.allocator import tune_allocator


def test_it_says_whether_it_took_effect() -> None:
    glibc = sys.platform.startswith("linux") and platform.libc_ver()[0] == "glibc"
    assert tune_allocator() is glibc
