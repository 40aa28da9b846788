"""How well empty patches are found, against masks: JSON lines.

`python -m tests.benchmarks.empties`; the folder of images is named by MICRAWEB_SHARED_DATA, else
../shared/data.
"""

import json
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotations.imaging.background import Blocks, block_side, empty_patches, measure_blocks
from annotations.imaging.grid import Grid, patch_labels
from annotations.imaging.read import read_planes

SETS = (("nuclei_bbbc039", "labels", 12), ("neurons_pfc", "masks", 8))
SIZES = (32, 64)


def main() -> None:
    shared = Path(os.environ.get("MICRAWEB_SHARED_DATA", "../shared/data"))
    for folder, masks, count in SETS:
        for size in SIZES:
            right, wrong, missed = _counts(shared / folder, masks, count, size)
            precision, recall = right / (right + wrong), right / (right + missed)
            found = {"precision": round(precision, 3), "recall": round(recall, 2)}
            print(json.dumps({"folder": folder, "patch": size, **found}), flush=True)


def _counts(folder: Path, masks: str, count: int, size: int) -> npt.NDArray[np.int64]:
    """Patches rightly and wrongly called empty, and empty ones that were not."""
    by_stem = {path.stem: path for path in (folder / masks).iterdir()}
    total = np.zeros(3, np.int64)
    for path in sorted((folder / "images").iterdir())[:count]:
        mask = read_planes(by_stem[path.stem], name="mask.png").max(axis=0) > 0
        found = _found(read_planes(path, name=path.name), Grid(mask.shape[0], mask.shape[1], size))
        full = patch_labels(mask, size)
        total += (found & ~full).sum(), (found & full).sum(), (~found & ~full).sum()
    return total


def _found(planes: npt.NDArray[np.generic], grid: Grid) -> npt.NDArray[np.bool_]:
    side = block_side(grid)
    return empty_patches(Blocks(side, *measure_blocks(planes, side)), grid)


if __name__ == "__main__":
    main()
