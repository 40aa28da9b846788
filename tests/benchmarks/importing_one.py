"""Import one TIFF and print seconds and the process's peak memory in MB; run by the import
benchmark.

    python -m tests.benchmarks.importing_one micraweb|ome-zarr FILE FOLDER
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.memory import peak_mb

Import = Callable[[Path, Path], None]


def main() -> None:
    """Loading libraries is no part of the time, as in a worker that has loaded them long ago."""
    import_tiff = {"micraweb": _ours, "ome-zarr": _theirs}[sys.argv[1]]()
    start = time.perf_counter()
    import_tiff(Path(sys.argv[2]), Path(sys.argv[3]))
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak_mb()}))


def _ours() -> Import:
    from annotations.imaging.opening import open_image
    from annotations.imaging.store.write import write_image

    def run(path: Path, folder: Path) -> None:
        with open_image(path, name=path.name) as source:
            write_image(source, folder, name="a")

    return run


def _theirs() -> Import:
    """ome-zarr-py's own writer, lazily from the same file, with the same chunks and levels."""
    import dask.array as da
    import tifffile
    import zarr
    from ome_zarr.writer import write_image

    def run(path: Path, folder: Path) -> None:
        with tifffile.TiffFile(path) as tiff:
            lazy = da.from_zarr(tiff.aszarr()).rechunk((2048, 2048))  # type: ignore[no-untyped-call]
            write_image(
                lazy,
                zarr.open_group(folder, mode="w"),
                axes="yx",
                scale_factors=[2**level for level in range(1, _levels(max(lazy.shape)))],
                storage_options={"chunks": (512, 512)},
            )

    return run


def _levels(side: int) -> int:
    count = 1
    while side > 512:
        side, count = -(-side // 2), count + 1
    return count


if __name__ == "__main__":
    main()
