"""Batched local maps equal those of a naive one-window autograd."""

import pytest
import torch

from inference.micranet.maps import LocalMapper, enlarge, grown
from inference.micranet.network import MicraNet, NetworkConfig
from tests.inference.micranet.oracle import naive_maps, trained_looking


@pytest.fixture
def network() -> MicraNet:
    config = NetworkConfig(channels=2, structures=3, width=8)
    return trained_looking(MicraNet(config).double())


@pytest.fixture
def batch() -> torch.Tensor:
    return torch.randn(4, 2, 32, 48, generator=torch.Generator().manual_seed(1)).double()


def test_all_eight_maps_equal_the_naive_oracle(network: MicraNet, batch: torch.Tensor) -> None:
    logits, maps = LocalMapper(network)(batch)
    assert torch.allclose(logits, network(batch), rtol=1e-8)
    for sample in range(len(batch)):
        for structure in range(3):
            expected = naive_maps(network, batch[sample : sample + 1], structure)
            for layer, local in enumerate(expected, start=1):
                _assert_close(maps[layer][sample, structure], local)


def test_float32_keeps_the_maps_within_1e_5_of_the_oracle(
    network: MicraNet, batch: torch.Tensor
) -> None:
    _, maps = LocalMapper(network.float())(batch.float())
    network.double()
    for layer, local in enumerate(naive_maps(network, batch[:1], 0), start=1):
        _assert_close(maps[layer][0, 0].double(), local)


def test_a_subset_of_layers_gives_the_same_maps(network: MicraNet, batch: torch.Tensor) -> None:
    mapper = LocalMapper(network)
    _, every = mapper(batch)
    _, some = mapper(batch, layers=(3, 8))
    assert sorted(some) == [3, 8]
    assert all(torch.allclose(some[layer], every[layer]) for layer in some)


def test_an_absent_structure_has_zero_maps_and_leaves_the_others_alone(
    network: MicraNet, batch: torch.Tensor
) -> None:
    mapper = LocalMapper(network)
    present = torch.ones(4, 3, dtype=torch.bool)
    present[:, 1] = False
    present[2, 0] = False
    _, every = mapper(batch)
    _, some = mapper(batch, present=present)
    for layer, maps in some.items():
        assert maps[~present].abs().max() == 0
        assert torch.allclose(maps[present], every[layer][present])


def test_the_mapper_leaves_the_network_untouched(network: MicraNet, batch: torch.Tensor) -> None:
    network.train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    LocalMapper(network)(batch)
    assert network.training
    assert all(p.requires_grad and p.grad is None for p in network.parameters())
    assert all(torch.equal(before[name], t) for name, t in network.state_dict().items())


def test_sides_that_are_no_multiples_of_eight_are_refused(network: MicraNet) -> None:
    with pytest.raises(ValueError, match="multiples of 8"):
        LocalMapper(network)(torch.zeros(1, 2, 30, 32).double())


def test_maps_are_enlarged_by_repeating_pixels() -> None:
    small = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 1, 2, 2)
    stacked = enlarge({8: small, 2: torch.zeros(1, 1, 4, 4)}, 4, 4)
    assert stacked.shape == (1, 1, 2, 4, 4)
    assert stacked[0, 0, 1].tolist() == [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]


def test_growing_reflects_at_the_bottom_and_right() -> None:
    batch = torch.arange(12.0).reshape(1, 1, 3, 4)
    assert grown(batch, 4)[0, 0, 3].tolist() == batch[0, 0, 1].tolist()
    assert grown(batch[..., :3, :4].repeat(1, 1, 4, 1), 4).shape[-2:] == (12, 4)


def _assert_close(actual: torch.Tensor, expected: torch.Tensor) -> None:
    assert (actual - expected).abs().max() <= 1e-5 * expected.abs().max()
