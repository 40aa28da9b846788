"""Votes made from answers sit where the structure is, whichever cue knows it."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from inference.micranet.metrics import area_under_curve
from inference.micranet.targets import (
    Cues,
    deciding,
    intensity_share,
    project,
    rough_direction,
    standard_score,
    votes_of_yes,
)
from tests.inference.micranet.sample import discs, patches_of

Floats = np.ndarray


def test_constant_maps_have_a_standard_score_of_zero() -> None:
    assert np.abs(standard_score(np.full((2, 4, 4), 7, dtype=np.float32))).max() == 0


def test_the_deciding_pixel_is_the_one_of_the_two_percent_rule() -> None:
    maps = np.zeros((2, 10, 10), dtype=np.float32)
    maps[0, 0, :2] = 1  # exactly 2 %: not more than 2 %
    maps[1, 0, :4] = 1
    assert list(deciding(maps) > 0.5) == [False, True]


@pytest.mark.parametrize("sign", [1, -1])
def test_blurred_cues_become_sharp_masks_for_bright_and_dark_structures(sign: int) -> None:
    patches, truth = _yes_patches()
    blurred = np.stack([gaussian_filter(mask.astype(np.float32), 3) for mask in truth])
    heads = np.stack([blurred * 4 - 2] * 3, axis=1)
    direction = rough_direction(sign * patches, heads, blurred)
    assert np.sign(direction[0]) == sign
    cues = Cues(project(sign * patches, direction), heads, blurred)
    assert _f1(votes_of_yes(cues, share=0.9) >= 0.5, truth) > 0.95


def test_an_intensity_that_knows_nothing_is_outvoted() -> None:
    _, truth = _yes_patches()
    noise = np.random.default_rng(2).normal(size=truth.shape).astype(np.float32)
    sharp = truth.astype(np.float32)
    heads = np.stack([noise, sharp * 4 - 2, sharp * 4 - 2], axis=1)
    votes = votes_of_yes(Cues(noise, heads, sharp), share=0.2)
    assert _f1(votes >= 0.5, truth) > 0.95
    assert votes.min() >= 0
    assert votes.max() <= 1


def test_a_patch_that_is_wholly_structure_is_not_cut_in_two() -> None:
    rng = np.random.default_rng(3)
    texture = rng.normal(size=(30, 32, 32)).astype(np.float32)
    heads = np.stack([texture * 0.1 + 2] * 3, axis=1)
    votes = votes_of_yes(Cues(rng.normal(size=texture.shape).astype(np.float32), heads, texture), 0)
    assert (votes >= 0.5).mean() > 0.7


def test_maps_without_any_contrast_give_finite_votes() -> None:
    flat = np.zeros((4, 16, 16), dtype=np.float32)
    votes = votes_of_yes(Cues(flat, np.stack([flat - 1] * 3, axis=1), flat), share=0.5)
    assert np.isfinite(votes).all()
    assert not votes.any()


def test_the_intensity_that_explains_the_answers_gets_all_the_say() -> None:
    yes = np.arange(200) % 2 == 0
    rng = np.random.default_rng(4)
    perfect, poor = yes + 0.0, yes + rng.normal(0, 2, len(yes))
    assert intensity_share(np.stack([perfect, poor], axis=1), yes) == 1
    share = intensity_share(np.stack([poor, perfect], axis=1), yes)
    expected = 0.5 / 100 / (1 - area_under_curve(poor, yes) + 0.5 / 100)
    assert share == pytest.approx(expected)


def _yes_patches() -> tuple[Floats, Floats]:
    field = discs(256, 256, count=25, seed=3)
    patches, labels = patches_of(field)
    yes = labels[:, 0] > 0
    rows, columns = field.mask.shape[0] // 32, field.mask.shape[1] // 32
    masks = field.mask.reshape(rows, 32, columns, 32).swapaxes(1, 2).reshape(-1, 32, 32)
    return patches[yes], masks[yes]


def _f1(found: Floats, truth: Floats) -> float:
    return float(2 * (found & truth).sum() / (found.sum() + truth.sum()))
