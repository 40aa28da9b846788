"""Empty patches on pictures whose background is known, and on real ones with their masks."""

from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from annotations.imaging.background import (
    Blocks,
    block_side,
    empty_patches,
    half_sample_mode,
    measure_blocks,
)
from annotations.imaging.grid import Grid, patch_labels
from annotations.imaging.read import read_planes


def _empty(planes: np.ndarray, grid: Grid) -> np.ndarray:
    side = block_side(grid)
    return empty_patches(Blocks(side, *measure_blocks(planes, side)), grid)


def _picture(
    *, dark: bool, noise: float, shading: float, share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """(1, 512, 512) uint16 with soft blobs over noise, and the height of the blobs, 0 to 1."""
    random = np.random.default_rng(seed)
    blobs = np.zeros((512, 512))
    y, x = np.mgrid[:512, :512]
    while (blobs > 0.05).mean() < share:
        cy, cx, radius = random.uniform(0, 512), random.uniform(0, 512), random.uniform(8, 24)
        blobs = np.maximum(blobs, np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / radius**2))
    sign, level = (1, 500) if dark else (-1, 40_000)
    light = level + sign * 3000 * blobs + shading * (x / 512)
    return random.normal(light, noise)[None].clip(0, 65535).astype(np.uint16), blobs


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("shading", [0, 300])
@pytest.mark.parametrize("overlap", [0, 16])
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_patches_without_a_blob_are_found_and_those_with_one_are_not(
    dark: bool, shading: float, overlap: int, share: float
) -> None:
    picture, blobs = _picture(dark=dark, noise=60, shading=shading, share=share, seed=3)
    grid = Grid(512, 512, 32, overlap)
    found = _empty(picture, grid)
    # Under 0.15, a blob fades into the noise; under 0.05 there is none of it to be seen.
    assert not (found & patch_labels(blobs > 0.15, 32, overlap=overlap)).any()
    present = patch_labels(blobs > 0.05, 32, rule=0.0, overlap=overlap)
    assert (found & ~present).sum() > 0.7 * (~present).sum()


def test_every_channel_has_to_be_empty() -> None:
    first, blobs = _picture(dark=True, noise=60, shading=0, share=0.1, seed=1)
    second, others = _picture(dark=True, noise=9, shading=0, share=0.1, seed=2)
    found = _empty(np.concatenate([first, second]), Grid(512, 512, 64))
    assert found.any()
    assert not (found & patch_labels(np.maximum(blobs, others) > 0.15, 64)).any()


def test_noise_alone_is_all_background_and_its_brightness_means_nothing() -> None:
    noise = np.random.default_rng(0).normal(0, 1, (1, 256, 256))
    for offset, scale in ((0, 1), (1e6, 1), (-5, 1e-3)):
        assert _empty(offset + scale * noise, Grid(256, 256, 32)).mean() > 0.9


def test_one_colour_is_background() -> None:
    assert _empty(np.full((1, 100, 70), 7, np.uint8), Grid(100, 70, 32)).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (3, 3), (33, 31)])
def test_small_pictures_are_no_trouble(shape: tuple[int, int]) -> None:
    planes = np.random.default_rng(0).integers(0, 255, (2, *shape)).astype(np.uint8)
    grid = Grid(*shape, 16)
    assert _empty(planes, grid).shape == (grid.rows, grid.columns)


def test_blocks_are_measured_as_by_hand() -> None:
    planes = gaussian_filter(np.random.default_rng(4).normal(1e7, 50, (2, 21, 30)), 1)
    means, spreads = measure_blocks(planes, 8)
    assert means.shape == (2, 3, 4)
    for row, column in np.ndindex(3, 4):
        square = planes[:, row * 8 : row * 8 + 8, column * 8 : column * 8 + 8]
        assert means[:, row, column] == pytest.approx(square.mean(axis=(1, 2)))
        assert spreads[:, row, column] == pytest.approx(square.std(axis=(1, 2)), rel=1e-4)


def test_the_half_sample_mode_finds_the_crowd() -> None:
    random = np.random.default_rng(5)
    sample = np.concatenate([random.normal(3, 0.1, 400), random.uniform(0, 50, 500)])
    assert half_sample_mode(sample) == pytest.approx(3, abs=0.2)
    assert [half_sample_mode(np.array(v, float)) for v in ([4], [4, 6], [1, 2, 9], [1, 8, 9])] == [
        4, 5, 1.5, 8.5
    ]  # fmt: skip


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("folder", "masks"), [("nuclei_bbbc039", "labels"), ("neurons_pfc", "masks")]
)
def test_hardly_a_patch_of_real_images_is_wrongly_called_empty(
    shared_data: Path, folder: str, masks: str
) -> None:
    wrong = empty = 0
    by_stem = {path.stem: path for path in (shared_data / folder / masks).iterdir()}
    for path in sorted((shared_data / folder / "images").iterdir())[:6]:
        mask = read_planes(by_stem[path.stem], name="mask.png").max(axis=0) > 0
        found = _empty(read_planes(path, name=path.name), Grid(mask.shape[0], mask.shape[1], 64))
        empty += int(found.sum())
        wrong += int((found & patch_labels(mask, 64)).sum())
    assert empty > 50
    assert wrong <= 0.02 * empty
