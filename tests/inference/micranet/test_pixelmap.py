"""Every choice of layers and combiner gives maps as large as the window."""

import pytest
import torch

from inference.micranet.config import Combiner, ModelSpec
from inference.micranet.maps import LocalMapper
from inference.micranet.network import MicraNet, NetworkConfig
from inference.micranet.pixelmap import fine_maps


@pytest.mark.parametrize("combiner", ["pca", "sum", "product"])
@pytest.mark.parametrize("layers", [(1, 2, 3, 4, 5, 6, 7), (5, 6), (8,)])
@pytest.mark.parametrize("side", [32, 27])
def test_the_map_is_as_large_as_the_window(
    combiner: Combiner, layers: tuple[int, ...], side: int
) -> None:
    torch.manual_seed(0)
    mapper = LocalMapper(MicraNet(NetworkConfig(1, 2, width=16)).eval())
    spec = ModelSpec("paper", 1, ("a", "b"), side, combiner=combiner, layers=layers)
    found = fine_maps(
        mapper, torch.rand(2, 1, side, side), spec, torch.ones(2, 2, dtype=torch.bool)
    )
    assert found.shape == (2, 2, side, side)
    assert found.min() >= 0
    assert found.max() <= 1
