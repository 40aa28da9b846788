"""How much memory a process has needed."""

from pathlib import Path


def peak_mb() -> int:
    """MiB of this process alone: ru_maxrss also holds what its parent had when it forked."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (line for line in lines if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024
