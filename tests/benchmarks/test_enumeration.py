"""Objects get the structure that the model scores highest around them."""

import numpy as np
import pytest
import torch

from inference.micranet.config import ModelSpec
from inference.micranet.model import Model, build
from inference.micranet.preprocess import prepare
from inference.micranet.scoring import score_window
from tests.benchmarks.enumeration import named_by_scores

SIDE = 32
LIMITS = [(0.0, 1.0)]


@pytest.fixture
def model() -> Model:
    spec = ModelSpec(
        method="paper",
        channels=1,
        structures=("a", "b", "c"),
        patch_size=SIDE,
        width=4,
        thresholds=(0.5,) * 3,
        decisions=(0.5,) * 3,
    )
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return build(spec)


def test_the_window_is_around_the_object_and_others_are_taken_out(model: Model) -> None:
    """The same as scoring a canvas on which the object stands alone."""
    objects = np.zeros((64, 80), dtype=np.int32)
    objects[20:26, 20:30], objects[24:34, 36:40], objects[50:64, 70:80] = 1, 2, 3
    planes = np.where(objects > 0, 0.2 + 0.2 * objects, 0)[None].astype(np.float32)
    expected = [_alone(model, objects == number, planes) for number in (1, 2, 3)]
    assert named_by_scores(objects, planes, LIMITS, model).tolist() == expected


def _alone(model: Model, own: np.ndarray, planes: np.ndarray) -> int:
    ys, xs = np.nonzero(own)
    middle = (ys.min() + ys.max() + 1) // 2, (xs.min() + xs.max() + 1) // 2
    canvas = np.pad(np.where(own, planes[0], 0), SIDE)
    top, left = (at + SIDE // 2 for at in middle)
    window = canvas[None, top : top + SIDE, left : left + SIDE]
    shown = torch.from_numpy(prepare(window, LIMITS, 1))[None]
    return int(score_window(model)(shown).argmax())


def test_no_object_has_no_name(model: Model) -> None:
    none = np.zeros((4, 4), dtype=np.int32)
    assert named_by_scores(none, np.zeros((1, 4, 4)), LIMITS, model).size == 0
