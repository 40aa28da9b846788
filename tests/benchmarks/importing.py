"""Import speed and memory against the size of the file, beside ome-zarr-py: JSON lines.

    python -m tests.benchmarks.importing [--smallest GB] [--largest GB] [--folder FOLDER]

Files are tiled 16-bit TIFFs of one noisy plane, which compresses badly, so disk and compression
both count. Each import runs in a process of its own. MB/s are of the file's pixels; the copy of a
file that was just written is warm in the system's cache for both. Without --largest it ends at
0.5 GB; beyond 1 GB ome-zarr-py is left out, because it takes too long.
"""

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray

from tests.benchmarks.engine_parts import report

_SIZES_GB = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
_COMPARED_GB = 1.0
_TILE = 512


def main() -> None:
    """Every size up to the largest, one after the other; files are removed in between."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smallest", type=float, default=0.0, metavar="GB")
    parser.add_argument("--largest", type=float, default=0.5, metavar="GB")
    parser.add_argument("--folder", type=Path, help="where there is room; default: the system's")
    chosen = parser.parse_args()
    for size in _SIZES_GB:
        if chosen.smallest <= size <= chosen.largest:
            with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
                _measure(size, Path(folder))


def _measure(size_gb: float, folder: Path) -> None:
    path = folder / "noise.tif"
    pixels_mb = _write_noise(path, size_gb)
    ours = _import("micraweb", path, folder)
    _report("micraweb", size_gb, pixels_mb, ours)
    if size_gb <= _COMPARED_GB:
        theirs = _import("ome-zarr", path, folder)
        _report("ome-zarr-py", size_gb, pixels_mb, theirs)
        report(f"import {size_gb} GB, times as fast", theirs["seconds"] / ours["seconds"])


def _write_noise(path: Path, size_gb: float) -> float:
    """MB of pixels."""
    side = round(math.sqrt(size_gb * 1e9 / 2))
    tifffile.imwrite(
        path,
        _tiles(math.ceil(side / _TILE) ** 2),
        shape=(side, side),
        dtype=np.uint16,
        tile=(_TILE, _TILE),
        bigtiff=True,
        photometric="minisblack",
    )
    return side * side * 2 / 1e6


def _tiles(count: int) -> Iterator[NDArray[np.uint16]]:
    random = np.random.default_rng(0)
    noise = random.normal(300, 40, (_TILE, _TILE)).astype(np.uint16)
    for number in range(count):
        yield np.roll(noise, number)


def _import(which: str, path: Path, folder: Path) -> dict[str, float]:
    store = folder / "image.zarr"
    module = "tests.benchmarks.importing_one"
    command = [sys.executable, "-m", module, which, str(path), str(store)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    shutil.rmtree(store)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _report(which: str, size_gb: float, pixels_mb: float, measured: dict[str, float]) -> None:
    report(f"import {size_gb} GB, {which}, MB/s", pixels_mb / measured["seconds"])
    report(f"import {size_gb} GB, {which}, peak MB", measured["peak_mb"])


if __name__ == "__main__":
    main()
