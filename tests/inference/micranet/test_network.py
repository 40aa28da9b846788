"""The classifier has the shape that the paper describes."""

import pytest
import torch

from inference.micranet.errors import DataRefused
from inference.micranet.network import MicraNet, NetworkConfig
from tests.inference.micranet.oracle import trained_looking


@pytest.mark.parametrize(
    ("channels", "structures", "parameters"),
    [(1, 1, 1_173_857), (1, 2, 1_174_114), (3, 1, 1_174_433)],
)
def test_the_network_has_as_many_parameters_as_the_authors(
    channels: int, structures: int, parameters: int
) -> None:
    network = MicraNet(NetworkConfig(channels, structures))
    assert sum(p.numel() for p in network.parameters()) == parameters


def test_layers_see_the_image_at_full_half_quarter_and_eighth_resolution() -> None:
    network = MicraNet(NetworkConfig(channels=1, structures=1)).eval()
    shapes = [tuple(a.shape[1:]) for a in network.activations(torch.zeros(1, 1, 64, 64))]
    assert shapes == [
        (32, 64, 64), (32, 64, 64), (64, 32, 32), (64, 32, 32),
        (128, 16, 16), (128, 16, 16), (256, 8, 8), (256, 8, 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("layer", "field"), [(1, 3), (2, 5), (3, 10), (4, 14), (5, 24), (6, 32), (7, 52), (8, 68)]
)
def test_receptive_fields_are_no_larger_than_those_of_the_paper(layer: int, field: int) -> None:
    """Measured: noise farther away than the field changes nothing, noise at its rim does."""
    network = trained_looking(MicraNet(NetworkConfig(channels=1, structures=1, width=4)).double())
    noise = torch.randn(1, 1, 160, 160, generator=torch.Generator().manual_seed(0)).double()
    plain = _middle(network, noise, layer)
    stride = 160 // list(network.activations(noise))[layer - 1].shape[-1]
    low = 80 - (field - stride) // 2
    outside, inside = noise.clone(), noise.clone()
    outside[..., :low] += 5
    outside[..., low + field :] += 5
    inside[..., low : low + 1] += 5
    inside[..., low + field - 1 : low + field] += 5
    assert torch.equal(_middle(network, outside, layer), plain)
    assert not torch.equal(_middle(network, inside, layer), plain)


def _middle(network: MicraNet, image: torch.Tensor, layer: int) -> torch.Tensor:
    activation = list(network.activations(image))[layer - 1]
    middle = activation.shape[-1] // 2
    return activation[0, :, middle, middle]


@pytest.mark.parametrize("channels", [0, 17])
def test_a_channel_count_outside_1_to_16_is_refused(channels: int) -> None:
    with pytest.raises(DataRefused, match="1 to 16 channels"):
        NetworkConfig(channels, structures=1)
