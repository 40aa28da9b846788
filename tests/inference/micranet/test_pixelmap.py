"""Every choice of layers and combiner gives maps as large as the window."""

from dataclasses import replace

import pytest
import torch

from inference.micranet.config import Combiner, ModelSpec
from inference.micranet.maps import LocalMapper
from inference.micranet.model import build
from inference.micranet.network import MicraNet, NetworkConfig
from inference.micranet.pixelmap import fine_maps, map_window
from inference.micranet.train import train
from tests.inference.micranet.sample import QUICK, training_data


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


@pytest.mark.parametrize("mirrored", [True, False])
def test_mirror_images_count_where_they_belonged_to_the_training(mirrored: bool) -> None:
    torch.manual_seed(0)
    spec = ModelSpec(
        "refined", 1, ("a",), 32, width=8, thresholds=(0.5,), decisions=(0.5,), mirrored=mirrored
    )
    maps, batch = map_window(build(spec)), torch.rand(1, 1, 32, 32)
    alike = torch.allclose(maps(batch).flip(-1), maps(batch.flip(-1)), atol=1e-6)
    assert alike == mirrored


@pytest.mark.parametrize("augment", [True, False])
def test_a_model_remembers_whether_mirror_images_belonged_to_its_training(augment: bool) -> None:
    config = replace(QUICK, method="refined", epochs=1, refine_epochs=1, width=8, augment=augment)
    assert train(training_data(), config).spec.mirrored == augment
