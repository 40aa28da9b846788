"""Maps of whole images: any size, no seams, defined on every input."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from inference.micranet.config import Method, ModelSpec
from inference.micranet.device import Precision
from inference.micranet.errors import ModelRefused, Stopped
from inference.micranet.model import Model, build
from inference.micranet.segment import SegmentSummary, segment
from inference.micranet.train import train
from tests.inference.micranet.sample import QUICK, discs, training_data

LIMITS = [(0.0, 1.0)]


@functools.cache
def trained(method: Method) -> Model:
    """A model of discs, good enough to draw them."""
    config = replace(QUICK, method=method, epochs=20, refine_epochs=20, width=8)
    return train(training_data(), config)


def run(
    model: Model,
    planes: np.ndarray,
    limits: list[tuple[float, float]] = LIMITS,
    precision: Precision = "auto",
    overlap: int = 0,
) -> tuple[np.ndarray, SegmentSummary]:
    """Maps (S, H, W) and the summary; every pixel must have been written once."""
    height, width = planes.shape[1:]
    maps = np.zeros((len(model.spec.structures), height, width), dtype=np.uint8)
    times = np.zeros(maps.shape, dtype=int)

    def write(structure: int, y0: int, x0: int, rows: np.ndarray) -> None:
        assert rows.dtype == np.uint8
        box = np.s_[structure, y0 : y0 + rows.shape[0], x0 : x0 + rows.shape[1]]
        maps[box] = rows
        times[box] += 1

    summary = segment(
        model,
        lambda y0, y1, x0, x1: planes[:, y0:y1, x0:x1],
        height=height,
        width=width,
        limits=limits,
        write=write,
        precision=precision,
        overlap=overlap,
    )
    assert (times == 1).all()
    return maps, summary


def test_the_refined_mask_of_an_unseen_image_is_right() -> None:
    field = discs(300, 420, count=40, seed=9)
    model = trained("refined")
    maps, _ = run(model, field.image)
    mask = maps[0] >= model.thresholds[0] * 255
    assert 2 * (mask & field.mask).sum() / (mask.sum() + field.mask.sum()) > 0.9


def test_patch_scores_part_yes_from_no_on_the_labelling_grid() -> None:
    field = discs(290, 420, count=40, seed=9)
    _, summary = run(trained("paper"), field.image)
    assert summary.patch_scores.shape == (1, 10, 14)
    truth = np.pad(field.mask, ((0, 30), (0, 28)))
    covered = truth.reshape(10, 32, 14, 32).mean(axis=(1, 3)) > 0.02
    said = summary.patch_scores[0] >= trained("paper").spec.decisions[0]
    assert (said == covered).mean() > 0.85


def test_overlapping_patches_are_scored_where_they_lie() -> None:
    """Every patch scored alone, from its own cut-out, is the oracle."""
    image, model = discs(100, 90, count=9, seed=9).image, trained("paper")
    _, summary = run(model, image, overlap=8)
    assert summary.patch_scores.shape == (1, 4, 4)
    for row, column in np.ndindex(4, 4):
        y0, x0 = row * 24, column * 24
        _, alone = run(model, image[:, y0 : y0 + 32, x0 : x0 + 32])
        assert alone.patch_scores[0, 0, 0] == pytest.approx(
            summary.patch_scores[0, row, column], abs=1e-4
        )


@pytest.mark.parametrize("method", ["paper", "refined"])
@pytest.mark.parametrize("shape", [(1, 1), (5, 200), (31, 33), (64, 64)])
def test_images_smaller_than_a_patch_or_a_window_get_maps(
    method: Method, shape: tuple[int, int]
) -> None:
    maps, summary = run(trained(method), discs(*shape, count=1, seed=0).image)
    assert maps.shape == (1, *shape)
    assert np.isfinite(summary.patch_scores).all()


def test_no_seams_where_refined_windows_meet() -> None:
    """However windows fall on an image, its map is the same away from its own rims: a crop that is
    moved by a multiple of the pooling grid agrees within rounding."""
    assert _gap("refined", side=700, moved=104) <= 1


def test_paper_maps_of_a_crop_moved_by_whole_windows_agree() -> None:
    """The paper scales every window by itself, so its maps depend on where windows fall; on the
    same raster they are the same."""
    assert _gap("paper", side=300, moved=64) <= 1


def _gap(method: Method, *, side: int, moved: int) -> int:
    """Largest difference (0..255) of a whole image's map and a crop's, 64 px away from the rims."""
    field = discs(side, side, count=side * side // 3000, seed=4)
    whole, _ = run(trained(method), field.image)
    crop, _ = run(trained(method), field.image[:, moved:, moved:])
    inner = np.s_[64:-64, 64:-64]
    return int(np.abs(whole[0, moved:, moved:][inner].astype(int) - crop[0][inner]).max())


@pytest.mark.parametrize("method", ["paper", "refined"])
def test_bfloat16_draws_the_same_mask(method: Method) -> None:
    """Forced on every processor; 98 % of the pixels on the same side of the threshold."""
    field = discs(160, 160, count=9, seed=9)
    model = trained(method)
    bound = model.thresholds[0] * 255
    exact, _ = run(model, field.image, precision="float32")
    rough, _ = run(model, field.image, precision="bfloat16")
    assert ((exact >= bound) == (rough >= bound)).mean() > 0.98


@pytest.mark.parametrize("method", ["paper", "refined"])
@pytest.mark.parametrize("value", [0.0, 0.5, np.nan, np.inf])
def test_constant_and_broken_images_give_defined_maps(method: Method, value: float) -> None:
    _, summary = run(trained(method), np.full((1, 70, 70), value, dtype=np.float32))
    assert np.isfinite(summary.patch_scores).all()


def test_a_nan_pixel_counts_as_the_lower_limit() -> None:
    image = discs(64, 64, count=2, seed=2).image
    broken, lowered = image.copy(), image.copy()
    broken[0, 10, 10], lowered[0, 10, 10] = np.nan, 0.0
    assert (run(trained("refined"), broken)[0] == run(trained("refined"), lowered)[0]).all()


@pytest.mark.parametrize("factor", [2, 4])
def test_a_model_of_a_shrunk_image_writes_at_full_resolution(factor: int) -> None:
    spec = replace(trained("refined").spec, downscale=factor, patch_size=32 * factor)
    field = discs(200, 150, count=9, seed=6)
    large = np.repeat(np.repeat(field.image, factor, axis=1), factor, axis=2)
    expected, _ = run(trained("refined"), field.image)
    maps, summary = run(replace(trained("refined"), spec=spec), large)
    assert summary.patch_scores.shape == (1, 7, 5)
    shrunk = maps[0].reshape(200, factor, 150, factor).mean(axis=(1, 3))
    agreement = np.corrcoef(shrunk.ravel(), expected[0].ravel())[0, 1]
    assert agreement > 0.97


def test_other_channel_counts_are_refused() -> None:
    with pytest.raises(ModelRefused, match="1 channels"):
        run(trained("paper"), np.zeros((2, 40, 40)), [(0, 1), (0, 1)])
    with pytest.raises(ModelRefused, match="shape"):
        run(trained("paper"), np.zeros((2, 40, 40)))


def test_it_counts_windows_and_stops_when_told() -> None:
    spec = ModelSpec("paper", 1, ("a",), 32, width=2, thresholds=(0.5,), decisions=(0.5,))
    counted: list[tuple[int, int]] = []

    def go(stop_after: int) -> None:
        segment(
            build(spec),
            lambda y0, y1, x0, x1: np.zeros((1, y1 - y0, x1 - x0)),
            height=100,
            width=100,
            limits=LIMITS,
            write=lambda s, y, x, rows: None,
            on_window=lambda done, total: counted.append((done, total)),
            should_stop=lambda: len(counted) >= stop_after,
        )

    go(stop_after=1000)
    assert counted[-1][0] == counted[-1][1]
    assert [done for done, _ in counted] == sorted({done for done, _ in counted})
    counted.clear()
    with pytest.raises(Stopped):
        go(stop_after=2)
    assert len(counted) == 2
