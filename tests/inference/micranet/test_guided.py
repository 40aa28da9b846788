"""The guided filter against its definition, window by window."""

import numpy as np
import pytest
import torch

from inference.micranet import guided as module
from inference.micranet.guided import guided, guides, redrawn

SLACK = 0.1


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("side", [3, 5])
def test_it_is_a_linear_fit_in_every_window_and_the_mean_of_all_fits(
    channels: int, side: int
) -> None:
    rng = np.random.default_rng(0)
    guide, maps = rng.normal(size=(2, channels, 9, 11)), rng.normal(size=(2, 9, 11))
    found = guided(torch.from_numpy(guide), torch.from_numpy(maps), side)
    expected = [_plainly(i, p, side) for i, p in zip(guide, maps, strict=True)]
    assert found.numpy() == pytest.approx(np.stack(expected), abs=1e-10)


def test_a_halo_around_what_the_image_shows_is_taken_back() -> None:
    rows, columns = np.mgrid[:32, :32]
    away = np.hypot(rows - 16, columns - 16)
    image = (away < 6).astype(np.float32)[None, None]
    halo = (8 - away).astype(np.float32)[None, None]  # above zero up to 8 px
    before, after = halo[0, 0] >= 0, redrawn(image, halo, (9,))[0, 0] >= 0
    truth = away < 6
    assert _f1(before, truth) < 0.75
    assert _f1(after, truth) > 0.9


def test_a_guide_without_contrast_leaves_a_mean_of_means() -> None:
    maps = np.random.default_rng(1).normal(size=(1, 1, 8, 8)).astype(np.float32)
    found = redrawn(np.full((1, 2, 8, 8), 7), maps, (3,))
    inner = maps[0, 0, 2:7, 2:7]
    weights = np.outer([1, 2, 3, 2, 1], [1, 2, 3, 2, 1]) / 81
    assert found[0, 0, 4, 4] == pytest.approx(float((inner * weights).sum()), abs=1e-5)


def test_units_of_the_image_do_not_matter_nor_how_many_are_done_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(2)
    patches = rng.normal(size=(5, 2, 12, 12)).astype(np.float32)
    maps = rng.normal(size=(5, 3, 12, 12)).astype(np.float32)
    found = redrawn(patches, maps, (3, 5, 9))
    monkeypatch.setattr(module, "_AT_ONCE", 2 * 4 * 144)
    again = redrawn(300 * patches + 40, maps, (3, 5, 9))
    assert again == pytest.approx(found, abs=1e-4)


def test_windows_may_be_wider_than_the_patch() -> None:
    maps = np.random.default_rng(3).normal(size=(1, 1, 8, 8)).astype(np.float32)
    found = redrawn(np.ones((1, 1, 8, 8)), maps, (17,))
    assert found == pytest.approx(np.full_like(maps, maps.mean()), abs=1e-5)


def test_of_many_channels_those_guide_that_tell_most_of_the_structure() -> None:
    rng = np.random.default_rng(4)
    spread = np.array([1, 1, 1, 1, 1, 100], dtype=np.float32)
    patches = rng.normal(size=(3, 6, 8, 8)).astype(np.float32) * spread[:, None, None]
    chosen = guides(patches, np.array([0.5, -0.9, 0.1, 0.8, 0.0, 0.01]))
    assert np.array_equal(chosen, patches[:, [0, 1, 3, 5]])
    assert np.array_equal(guides(patches[:, :4], np.zeros(4)), patches[:, :4])


def test_no_patches_give_no_maps() -> None:
    none = np.zeros((0, 4, 8, 8), np.float32)
    assert redrawn(np.zeros((0, 1, 8, 8)), none, (3, 5, 9, 17)).shape == none.shape


def _plainly(image: np.ndarray, values: np.ndarray, side: int) -> np.ndarray:
    """One window after the other."""
    half, (height, width) = side // 2, values.shape
    slopes, offsets = np.zeros_like(image), np.zeros_like(values)
    for y in range(height):
        for x in range(width):
            box = np.s_[max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1]
            pixels, wanted = image[:, *box].reshape(len(image), -1), values[box].ravel()
            spread = np.cov(pixels, bias=True).reshape(len(image), len(image))
            centred = pixels - pixels.mean(axis=1, keepdims=True)
            along = (centred * wanted).mean(axis=1)
            slopes[:, y, x] = np.linalg.solve(spread + SLACK * np.eye(len(image)), along)
            offsets[y, x] = wanted.mean() - slopes[:, y, x] @ pixels.mean(axis=1)
    found = np.zeros_like(values)
    for y in range(height):
        for x in range(width):
            box = np.s_[max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1]
            slope = slopes[:, *box].mean(axis=(1, 2))
            found[y, x] = slope @ image[:, y, x] + offsets[box].mean()
    return found


def _f1(found: np.ndarray, truth: np.ndarray) -> float:
    return float(2 * (found & truth).sum() / (found.sum() + truth.sum()))
