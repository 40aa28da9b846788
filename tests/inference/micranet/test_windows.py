"""Overlapping windows: whatever the size, every pixel is written once and nothing shows where they
meet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.micranet.enlarging import Enlarger
from inference.micranet.windows import Blender, Tiling, batches, fit_tiling, ramp


class Canvas:
    """Takes written bands and counts how often each pixel came."""

    def __init__(self, height: int, width: int) -> None:
        self.image = np.zeros((height, width), dtype=np.uint8)
        self.times = np.zeros((height, width), dtype=int)
        self.largest = 0

    def __call__(self, structure: int, y0: int, x0: int, rows: np.ndarray) -> None:
        height, width = rows.shape
        self.image[y0 : y0 + height, x0 : x0 + width] = rows
        self.times[y0 : y0 + height, x0 : x0 + width] += 1
        self.largest = max(self.largest, rows.size)


def _blender(tiling: Tiling, canvas: Canvas) -> Blender:
    size = {"height": tiling.height, "width": tiling.width}
    return Blender(tiling, 1, Enlarger(1, factor=1, write=canvas, **size).add)


def _blend(field: np.ndarray, tiling: Tiling) -> Canvas:
    """Cut ``field`` into windows and put it together again."""
    canvas = Canvas(tiling.height, tiling.width)
    blender = _blender(tiling, canvas)
    padded = np.pad(field, ((0, tiling.size), (0, tiling.size)), mode="edge").astype(np.float32)
    for corners in batches(tiling, 3):
        for y0, x0 in corners:
            blender.add(y0, x0, padded[None, y0 : y0 + tiling.size, x0 : x0 + tiling.size])
    blender.finish()
    return canvas


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 150),
    width=st.integers(1, 150),
    size=st.integers(8, 64),
    overlap=st.integers(0, 40),
    margin=st.integers(0, 20),
)
def test_a_field_cut_and_blended_is_itself(
    height: int, width: int, size: int, overlap: int, margin: int
) -> None:
    tiling = fit_tiling(height, width, size=size, overlap=overlap, multiple=8, margin=margin)
    field = np.random.default_rng(0).integers(0, 256, (height, width)) / 255
    canvas = _blend(field, tiling)
    assert (canvas.times == 1).all()
    assert (canvas.image == np.rint(field * 255)).all()


@settings(max_examples=60, deadline=None)
@given(length=st.integers(1, 5000), size=st.integers(1, 40), overlap=st.integers(0, 39))
def test_windows_cover_the_axis_and_lie_on_a_raster(length: int, size: int, overlap: int) -> None:
    tiling = fit_tiling(length, length, size=size * 8, overlap=overlap * 8, multiple=8)
    starts = tiling.starts(length)
    assert starts == [k * tiling.step for k in range(len(starts))]
    assert starts[-1] + tiling.size >= length
    assert len(starts) == 1 or starts[-2] + tiling.size < length


def test_a_window_is_no_larger_than_a_small_image_needs() -> None:
    assert fit_tiling(20, 30, size=256, overlap=48, multiple=8).size == 32


def test_neighbouring_weights_sum_to_one_over_the_overlap() -> None:
    weights = ramp(32, 12)
    assert weights[-12:] + weights[:12] == pytest.approx(np.ones(12))
    assert (weights > 0).all()


def test_a_margin_counts_only_where_no_other_window_reaches() -> None:
    """Windows whose outer 5 pixels are wrong, as a network's are that sees zeros beyond them."""
    tiling = Tiling(70, 70, size=40, overlap=20, margin=5)
    canvas = Canvas(70, 70)
    blender = _blender(tiling, canvas)
    window = np.zeros((1, 40, 40), dtype=np.float32)
    window[0, 5:-5, 5:-5] = 1
    for corners in batches(tiling, 4):
        for y0, x0 in corners:
            blender.add(y0, x0, window)
    blender.finish()
    assert (canvas.image[5:-5, 5:-5] == 255).all()
    assert canvas.image[:5].max() == 0


def test_bands_stay_as_high_as_a_window_whatever_the_images_height() -> None:
    tiling = fit_tiling(2000, 64, size=64, overlap=16, multiple=8)
    canvas = _blend(np.zeros((2000, 64)), tiling)
    assert canvas.largest <= 64 * 64
