"""Masks made from answers sit where the structure is."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from inference.micranet.targets import discriminant, masks_of_yes, moments, standard_score
from tests.inference.micranet.sample import discs, patches_of


def test_the_discriminant_is_fishers() -> None:
    rng = np.random.default_rng(0)
    mixing = np.array([[1.0, 0.4], [0.2, 0.7]])
    outside = mixing @ rng.normal(size=(2, 4000))
    inside = mixing @ rng.normal(size=(2, 4000)) + np.array([[1.0], [0.5]])
    found = discriminant(moments(inside), moments(outside))
    within = (np.cov(inside) + np.cov(outside)) / 2
    expected = np.linalg.inv(within) @ (inside.mean(axis=1) - outside.mean(axis=1))
    assert found == pytest.approx(expected / np.linalg.norm(expected), abs=0.01)


def test_constant_maps_have_a_standard_score_of_zero() -> None:
    assert np.abs(standard_score(np.full((2, 4, 4), 7, dtype=np.float32))).max() == 0


@pytest.mark.parametrize("sign", [1, -1])
def test_a_blurred_fine_map_becomes_a_sharp_mask_for_bright_and_dark_structures(sign: int) -> None:
    field = discs(256, 256, count=25, seed=3)
    patches, labels = patches_of(field)
    truth = patches_of_mask(field.mask)[labels[:, 0] > 0]
    patches = patches[labels[:, 0] > 0]
    fine = np.stack([gaussian_filter(mask.astype(np.float32), 4) for mask in truth])
    masks = masks_of_yes(sign * patches, fine)
    hits = 2 * (masks & truth).sum() / (masks.sum() + truth.sum())
    assert hits > 0.95


def patches_of_mask(mask: np.ndarray) -> np.ndarray:
    """The mask cut like the image: bool (N, 32, 32)."""
    rows, columns = mask.shape[0] // 32, mask.shape[1] // 32
    return mask.reshape(rows, 32, columns, 32).swapaxes(1, 2).reshape(-1, 32, 32)
