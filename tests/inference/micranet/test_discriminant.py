"""The direction that parts structure and background best."""

import numpy as np
import pytest

from inference.micranet.discriminant import direction_of, discriminant, moments


def test_the_discriminant_is_fishers() -> None:
    rng = np.random.default_rng(0)
    mixing = np.array([[1.0, 0.4], [0.2, 0.7]])
    outside = mixing @ rng.normal(size=(2, 4000))
    inside = mixing @ rng.normal(size=(2, 4000)) + np.array([[1.0], [0.5]])
    found = discriminant(moments(inside), moments(outside))
    within = (np.cov(inside) + np.cov(outside)) / 2
    expected = np.linalg.inv(within) @ (inside.mean(axis=1) - outside.mean(axis=1))
    assert found == pytest.approx(expected / np.linalg.norm(expected), abs=0.01)


def test_a_channel_that_says_nothing_gets_no_weight() -> None:
    rng = np.random.default_rng(1)
    patches = rng.normal(size=(20, 2, 16, 16)).astype(np.float32)
    rough = rng.random((20, 16, 16)) < 0.3
    patches[:, 1][rough] -= 4
    found = direction_of(patches, rough)
    assert found[1] < -0.99
    assert abs(found[0]) < 0.1
