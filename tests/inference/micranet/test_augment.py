"""Augmentation turns and shades, and changes nothing else."""

import numpy as np
import torch

from inference.micranet.augment import jitter, turn, turn_codes


def test_the_eight_codes_are_the_eight_symmetries_of_the_square() -> None:
    patch = torch.arange(9.0).reshape(1, 1, 3, 3)
    turned = turn(patch.expand(8, 1, 3, 3), np.arange(8))
    expected = [np.rot90(patch[0, 0].numpy(), k) for k in range(4)]
    expected += [np.fliplr(e) for e in expected]
    assert [t[0].tolist() for t in turned] == [e.tolist() for e in expected]


def test_patches_and_targets_turn_alike() -> None:
    codes = turn_codes(16, np.random.default_rng(0))
    batch = torch.rand(16, 2, 8, 8)
    assert torch.equal(turn(batch, codes) > 0.5, turn(batch > 0.5, codes))


def test_jitter_keeps_the_order_of_brightness_and_leaves_some_patches_alone() -> None:
    batch = torch.linspace(0, 1, 64).reshape(1, 1, 8, 8).repeat(40, 1, 1, 1)
    shaded = jitter(batch, np.random.default_rng(0)).flatten(1)
    assert (shaded.diff(dim=1) > 0).all()
    alone = (shaded - batch.flatten(1)).abs().amax(dim=1) < 1e-6
    assert 2 <= int(alone.sum()) <= 20
    assert float(shaded.min()) > -0.2
    assert float(shaded.max()) < 1.4
