"""How fast objects are measured, against scikit-image's region properties, and how much memory the
objects of a very large map take from file to table.

    python -m tests.benchmarks.measuring [--side 20000] [--objects 2000]

The map is written band by band, then told apart and measured as the application does it, in a
process of its own. One JSON line per metric (``metric, value``).
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from skimage.measure import regionprops

from annotations.imaging.store.maps import map_writer
from annotations.imaging.store.read import open_store
from inference.masks import BAND_PX, object_bands_of
from inference.measure import measure_bands, measure_objects
from inference.objects.choice import AUTOMATIC
from inference.objects.components import label_objects
from tests.benchmarks.engine_parts import report
from tests.benchmarks.memory import peak_mb

_CELL = 40  # px from row to row of discs
_NAMES = (
    "area", "centroid", "bbox", "equivalent_diameter_area", "eccentricity", "solidity",
    "perimeter", "intensity_mean",
)  # fmt: skip


def main() -> None:
    """Print one JSON line per metric."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--side", type=int, default=20_000, help="of the map in px, 0 for none")
    parser.add_argument("--objects", type=int, default=2000, help="measured in memory")
    parser.add_argument("--map", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.map:
        _measure_map(options.map)
        return
    _compare(options.objects)
    if options.side:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "map.zarr"
            _write_map(path, options.side)
            command = [sys.executable, "-m", "tests.benchmarks.measuring", "--map", str(path)]
            subprocess.run(command, check=True)


def _compare(count: int) -> None:
    """Objects per second in memory, ours and scikit-image's, on the same labels."""
    columns = 40
    labels = label_objects(_discs(_CELL * -(-count // columns), _CELL * columns) >= 128)
    plane = np.random.default_rng(0).integers(0, 4096, labels.shape, dtype=np.uint16)
    ours = min(_seconds_ours(labels, plane) for _ in range(3))
    theirs = min(_seconds_theirs(labels, plane) for _ in range(2))
    report("objects_per_second", float(labels.max()) / ours)
    report("objects_per_second_regionprops", float(labels.max()) / theirs)
    report("speedup_vs_regionprops", theirs / ours)


def _seconds_ours(labels: npt.NDArray[np.int32], plane: npt.NDArray[np.uint16]) -> float:
    started = time.perf_counter()
    how: dict[str, Any] = {"score": None, "pixel_size_um": None, "channel_names": ["a"]}
    measure_objects(labels, plane[None], **how)
    return time.perf_counter() - started


def _seconds_theirs(labels: npt.NDArray[np.int32], plane: npt.NDArray[np.uint16]) -> float:
    started = time.perf_counter()
    for region in regionprops(labels, intensity_image=plane):
        for name in _NAMES:
            region[name]
    return time.perf_counter() - started


def _discs(height: int, width: int, *, apart: int = 0) -> npt.NDArray[np.uint8]:
    """A map of discs of 18 px, two of three touching, with ``apart`` px of nothing between."""
    y, x = np.indices((_CELL, 2 * _CELL))
    middles = ((20, 11), (20, 28), (20, 60))
    cell = np.any([np.hypot(y - cy, x - cx) < 9.2 for cy, cx in middles], axis=0)
    cell = np.pad(cell, ((0, apart), (0, apart)))
    tiled = np.tile(cell, (-(-height // len(cell)), -(-width // cell.shape[1])))[:height, :width]
    return np.where(tiled, 200, 3).astype(np.uint8)


def _write_map(path: Path, side: int) -> None:
    """Discs, and one bar and one diagonal line that reach over the whole map."""
    band = _discs(BAND_PX * 5, side, apart=_CELL)
    with map_writer(path, height=side, width=side, pixel_size_um=None, name="a") as put:
        for y0 in range(0, side, len(band)):
            rows = band[: side - y0].copy()
            rows[:, side // 2 : side // 2 + 30] = 255
            for y in range(len(rows)):
                rows[y, max(0, y0 + y - 4) : y0 + y + 4] = 255
            put(y0, rows)


def _measure_map(path: Path) -> None:
    store = open_store(path)
    height, width = store.shape[1:]
    started = time.perf_counter()

    def levels(y0: int, y1: int) -> npt.NDArray[np.uint8]:
        return np.asarray(store.read(y0, y1, 0, width)[0], dtype=np.uint8)

    size = {"height": height, "width": width}
    bands = object_bands_of(levels, 0.5, AUTOMATIC, **size, pixel_size_um=None)
    table = measure_bands(
        bands,
        lambda y0, y1: store.read(y0, y1, 0, width),
        score=lambda y0, y1: levels(y0, y1) / np.float32(255),
        pixel_size_um=None,
        channel_names=["a"],
    )
    report("map_side_px", height)
    report("map_objects", table.num_rows)
    report("map_seconds", time.perf_counter() - started)
    report("map_peak_mb", peak_mb())


if __name__ == "__main__":
    main()
