"""The fine map at native resolutions equals the one from enlarged maps."""

import pytest
import torch
from torch.nn.functional import interpolate

from inference.micranet.combine import combine
from inference.micranet.config import Combiner
from inference.micranet.fine import fine_map
from inference.micranet.maps import enlarge

STRIDES = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 8, 8: 8}


def _maps(layers: tuple[int, ...], seed: int) -> tuple[dict[int, torch.Tensor], torch.Tensor]:
    """Maps of 3 windows of 48 x 64 px and 2 structures, as different in size as real ones."""
    generator = torch.Generator().manual_seed(seed)
    base = torch.randn(3, 2, 6, 8, generator=generator)
    maps = {}
    for layer in layers:
        size = (48 // STRIDES[layer], 64 // STRIDES[layer])
        noise = torch.randn(3, 2, *size, generator=generator)
        maps[layer] = 10.0 ** (layer - 4) * (interpolate(base, size=size) * 2 + noise + 5)
    return maps, torch.relu(torch.randn(3, 2, 6, 8, generator=generator))


@pytest.mark.parametrize("kernels", [True, False])
@pytest.mark.parametrize("combiner", ["pca", "sum"])
@pytest.mark.parametrize("layers", [(1, 2, 3, 4, 5, 6, 7), (2, 5), (3, 4), (8,), (7,)])
def test_it_equals_the_combination_of_enlarged_maps(
    combiner: Combiner, layers: tuple[int, ...], kernels: bool
) -> None:
    for seed in range(3):
        maps, coarse = _maps(layers, seed)
        coarse[0, 1] = 0
        height, width = maps[min(layers)].shape[-2:]
        large = enlarge({8: coarse}, height, width)[:, :, 0]
        expected = combine(enlarge(maps, height, width), large, combiner)
        found = fine_map(maps, coarse, combiner, kernels=kernels)
        assert torch.allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("kernels", [True, False])
@pytest.mark.parametrize("combiner", ["pca", "sum"])
def test_constant_maps_give_zeros(combiner: Combiner, kernels: bool) -> None:
    maps, coarse = _maps((1, 3, 7), 0)
    constant = {layer: torch.full_like(local, 3.0) for layer, local in maps.items()}
    nowhere = torch.zeros_like(coarse)
    assert fine_map(constant, coarse, combiner, kernels=kernels).abs().max() == 0
    assert fine_map(maps, nowhere, combiner, kernels=kernels).abs().max() == 0
