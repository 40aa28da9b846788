"""Maps that are written band by band."""

from pathlib import Path

import numpy as np
import pytest

from annotations.imaging.store.maps import map_writer
from annotations.imaging.store.read import open_store
from tests.annotations.imaging.files import pixels
from tests.annotations.imaging.test_streaming import halved, whole


@pytest.mark.parametrize("bands", [(1300,), (1, 511, 512, 1, 275), (512, 512, 276), (1024, 276)])
def test_bands_of_any_height_make_one_map(tmp_path: Path, bands: tuple[int, ...]) -> None:
    map_ = pixels((1300, 700), "uint8")
    folder = tmp_path / "m.zarr"
    with map_writer(folder, height=1300, width=700, pixel_size_um=(0.1, 0.1), name="a") as put:
        y0 = 0
        for rows in bands:
            put(y0, map_[y0 : y0 + rows])
            y0 += rows
        assert not folder.exists()
    store = open_store(folder)
    assert store.level_count == 3
    expected = map_
    for level in range(3):
        assert np.array_equal(whole(store, level)[0], expected)
        expected = halved(expected)


@pytest.mark.parametrize(
    ("y0", "shape", "dtype", "reason"),
    [
        (0, (10, 41), "uint8", "are \\(h, 40\\) uint8"),
        (0, (10, 40), "uint16", "are \\(h, 40\\) uint8"),
        (5, (10, 40), "uint8", "do not follow row 0 of 30"),
        (0, (31, 40), "uint8", "do not follow row 0 of 30"),
        (0, (10, 40), "uint8", "Only 10 of the map's 30 rows"),
    ],
)
def test_rows_that_do_not_fit_leave_no_map(
    tmp_path: Path, y0: int, shape: tuple[int, int], dtype: str, reason: str
) -> None:
    size = {"height": 30, "width": 40}
    with (
        pytest.raises(ValueError, match=reason),
        map_writer(tmp_path / "m.zarr", **size, pixel_size_um=None, name="a") as put,
    ):
        put(y0, pixels(shape, dtype))
    assert list(tmp_path.iterdir()) == []
