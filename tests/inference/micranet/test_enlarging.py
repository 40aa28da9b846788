"""Maps enlarged in pieces equal those enlarged at once."""

import numpy as np
import pytest
import torch
from torch.nn.functional import interpolate

from inference.micranet.enlarging import Enlarger


@pytest.mark.parametrize("factor", [1, 2, 4])
@pytest.mark.parametrize("cuts", [(), (1,), (3, 4, 9), (8, 16)])
@pytest.mark.parametrize("missing", [0, 1, 3])
def test_pieces_give_the_same_as_the_whole(
    factor: int, cuts: tuple[int, ...], missing: int
) -> None:
    small = np.random.default_rng(0).random((2, 17, 11)).astype(np.float32)
    height, width = 17 * factor - min(missing, factor - 1), 11 * factor - min(missing, factor - 1)
    found = np.zeros((2, height, width), dtype=np.uint8)
    times = np.zeros(found.shape, dtype=int)

    def write(structure: int, y0: int, x0: int, rows: np.ndarray) -> None:
        box = np.s_[structure, y0 : y0 + rows.shape[0], x0 : x0 + rows.shape[1]]
        found[box] = rows
        times[box] += 1

    enlarger = Enlarger(2, factor=factor, height=height, width=width, write=write)
    for start, end in zip((0, *cuts), (*cuts, 17), strict=True):
        for structure in range(2):
            enlarger.add(structure, start, small[structure, start:end])
    mode = "nearest" if factor == 1 else "bilinear"
    whole = interpolate(torch.from_numpy(small)[None], scale_factor=float(factor), mode=mode)
    expected = np.rint(whole[0].numpy()[:, :height, :width] * 255)
    assert (times == 1).all()
    assert np.abs(found - expected).max() <= 1
