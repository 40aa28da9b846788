"""Combining local maps, against numpy's singular value decomposition."""

import numpy as np
import pytest
import torch

from inference.micranet.combine import combine, principal_component, stretch
from inference.micranet.config import Combiner
from inference.micranet.errors import DataRefused


def _maps(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    base = torch.randn(3, 2, 1, 16, 24, generator=generator)
    maps = base * torch.randn(1, 1, 7, 1, 1, generator=generator)
    maps = maps + 0.5 * torch.randn(3, 2, 7, 16, 24, generator=generator)
    return maps, torch.rand(3, 2, 16, 24, generator=generator)


def test_the_principal_component_equals_numpys_svd() -> None:
    maps, coarse = _maps()
    found = principal_component(maps, coarse).numpy()
    for sample, structure in np.ndindex(3, 2):
        pixels = maps[sample, structure].reshape(7, -1).numpy().T
        centred = pixels - pixels.mean(axis=0)
        _, _, axes = np.linalg.svd(centred, full_matrices=False)
        expected = (centred @ axes[0]).reshape(16, 24)
        if (expected * coarse[sample, structure].numpy()).sum() < 0:
            expected = -expected
        np.testing.assert_allclose(found[sample, structure], expected, atol=1e-4)


def test_the_sign_makes_the_mean_weighted_by_the_coarse_map_positive() -> None:
    maps, coarse = _maps(1)
    for flipped in (maps, -maps):
        projected = principal_component(flipped, coarse)
        assert ((projected * coarse).sum(dim=(-2, -1)) > 0).all()


def test_sum_and_product_are_those_of_the_scaled_maps() -> None:
    maps, coarse = _maps(2)
    scaled = stretch(maps)
    everywhere = torch.ones_like(coarse)
    assert torch.allclose(combine(maps, everywhere, "sum"), stretch(scaled.sum(dim=2)))
    assert torch.allclose(combine(maps, everywhere, "product"), stretch(scaled.prod(dim=2)))


def test_the_fine_map_is_scaled_where_the_coarse_map_is_positive() -> None:
    maps, coarse = _maps(3)
    coarse[..., :8, :] = 0
    fine = combine(maps, coarse, "pca")
    inside = fine[..., 8:, :]
    assert torch.allclose(inside.amin(dim=(-2, -1)), torch.zeros(3, 2))
    assert torch.allclose(inside.amax(dim=(-2, -1)), torch.ones(3, 2))
    assert 0 <= fine.min() <= fine.max() <= 1


@pytest.mark.parametrize("combiner", ["pca", "sum", "product"])
def test_constant_maps_and_empty_coarse_maps_give_zeros(combiner: Combiner) -> None:
    constant = combine(torch.full((1, 1, 7, 8, 8), 3.0), torch.ones(1, 1, 8, 8), combiner)
    empty = combine(_maps()[0], torch.zeros(3, 2, 16, 24), combiner)
    assert constant.abs().max() == 0
    assert empty.abs().max() == 0


def test_an_unknown_combiner_is_refused() -> None:
    with pytest.raises(DataRefused, match="choose pca, sum or product"):
        combine(*_maps(), "median")  # type: ignore[arg-type]
