"""Batched local maps equal those of a naive one-window autograd, by torch and by the C kernels."""

import pytest
import torch

from inference.micranet import native
from inference.micranet.maps import LocalMapper, enlarge, grown
from inference.micranet.network import MicraNet, NetworkConfig
from tests.inference.micranet.oracle import naive_maps, trained_looking

FLOAT32 = 5e-5  # of a map's largest value; Winograd's transforms cost about one decimal digit
needs_kernels = pytest.mark.skipif(
    native.library() is None, reason="The C kernels are not built here (no compiler at install)."
)
ENGINES = [pytest.param(True, marks=needs_kernels, id="kernels"), pytest.param(False, id="torch")]


@pytest.fixture
def network() -> MicraNet:
    torch.manual_seed(6)
    config = NetworkConfig(channels=2, structures=3, width=8)
    return trained_looking(MicraNet(config).double())


@pytest.fixture
def wide() -> MicraNet:
    """Wide enough for the kernels, which work on 16 channels at a time."""
    torch.manual_seed(7)
    return trained_looking(MicraNet(NetworkConfig(channels=3, structures=2, width=16)))


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
                _assert_close(maps[layer][sample, structure], local, 1e-9)


@pytest.mark.parametrize("kernels", ENGINES)
@pytest.mark.parametrize("size", [(8, 8), (40, 24), (72, 64)])
def test_float32_maps_stay_close_to_the_oracle_in_float64(
    wide: MicraNet, kernels: bool, size: tuple[int, int]
) -> None:
    windows = torch.randn(3, 3, *size, generator=torch.Generator().manual_seed(2))
    logits, maps = LocalMapper(wide, native=kernels)(windows)
    wide.double()
    assert torch.allclose(logits.double(), wide(windows.double()), rtol=1e-4, atol=1e-4)
    for sample, structure in ((0, 0), (2, 1)):
        expected = naive_maps(wide, windows[sample : sample + 1].double(), structure)
        for layer, local in enumerate(expected, start=1):
            _assert_close(maps[layer][sample, structure].double(), local, FLOAT32)


@pytest.mark.parametrize("kernels", ENGINES)
@pytest.mark.parametrize("channels", [1, 4, 5])
def test_any_number_of_channels_gives_the_same_maps(kernels: bool, channels: int) -> None:
    """L1 is made twice for few channels and stored for more."""
    torch.manual_seed(8)
    network = trained_looking(MicraNet(NetworkConfig(channels=channels, structures=1, width=16)))
    window = torch.randn(1, channels, 24, 40, generator=torch.Generator().manual_seed(6))
    _, maps = LocalMapper(network, native=kernels)(window)
    for layer, local in enumerate(naive_maps(network.double(), window.double(), 0), start=1):
        _assert_close(maps[layer][0, 0].double(), local, FLOAT32)


@pytest.mark.parametrize("kernels", ENGINES)
def test_rounding_sends_no_gradient_elsewhere(kernels: bool) -> None:
    """On noise some of a window's many maxima nearly tie: rounding ten times as large as float32's
    would choose others in this one."""
    torch.manual_seed(0)
    network = MicraNet(NetworkConfig(channels=1, structures=1)).eval()
    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    window = torch.rand(1, 1, 128, 128, generator=torch.Generator().manual_seed(3))
    _, maps = LocalMapper(network, native=kernels)(window)
    for layer, local in enumerate(naive_maps(network.double(), window.double(), 0), start=1):
        _assert_close(maps[layer][0, 0].double(), local, FLOAT32)


@pytest.mark.parametrize("kernels", ENGINES)
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_maxima_reached_at_many_pixels_share_the_gradient(
    wide: MicraNet, kernels: bool, value: float
) -> None:
    """In a constant window whole areas tie for each maximum. In float64 the tie is exact, because
    all weights are dyadic and the batch norms do nothing."""
    for parameter in wide.parameters():
        parameter.data.copy_((parameter * 8).round().clamp(-1, 1) / 8)
    for module in wide.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.reset_running_stats()
            module.eps = 0.0
    windows = torch.full((2, 3, 80, 80), value)
    _, maps = LocalMapper(wide.double(), native=False)(windows.double())
    expected = naive_maps(wide, windows[:1].double(), 0)
    for layer, local in enumerate(expected, start=1):
        _assert_close(maps[layer][0, 0], local, 1e-9)
    _, found = LocalMapper(wide.float(), native=kernels)(windows)
    assert all(torch.isfinite(local).all() for local in found.values())


@needs_kernels
def test_more_threads_than_work_change_nothing(wide: MicraNet) -> None:
    windows = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(3))
    before = torch.get_num_threads()
    try:
        results = []
        for threads in (1, 7):
            torch.set_num_threads(threads)
            results.append(LocalMapper(wide)(windows)[1])
    finally:
        torch.set_num_threads(before)
    for layer, local in results[0].items():
        _assert_close(results[1][layer], local, 1e-6)


@pytest.mark.parametrize("kernels", ENGINES)
def test_windows_come_out_the_same_however_they_are_batched(wide: MicraNet, kernels: bool) -> None:
    windows = torch.randn(8, 3, 256, 264, generator=torch.Generator().manual_seed(4))
    mapper = LocalMapper(wide, native=kernels)
    _, every = mapper(windows, layers=(1, 8))
    _, last = mapper(windows[7:], layers=(1, 8))
    for layer in (1, 8):
        _assert_close(every[layer][7:], last[layer], FLOAT32)


def test_bfloat16_keeps_the_shape_of_the_maps(wide: MicraNet) -> None:
    """Eight bits of mantissa on noise, the worst case: maps correlate with those of float32 to .9,
    logits agree to 5 %."""
    windows = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(5))
    exact_logits, exact = LocalMapper(wide)(windows)
    logits, maps = LocalMapper(wide, dtype=torch.bfloat16)(windows)
    assert logits.dtype == torch.float32
    assert (logits - exact_logits).abs().max() < 0.05 * exact_logits.abs().max()
    for layer, local in maps.items():
        assert local.dtype == torch.float32
        for found, expected in zip(local.flatten(0, 1), exact[layer].flatten(0, 1), strict=True):
            pair = torch.stack([found.flatten(), expected.flatten()])
            assert torch.corrcoef(pair)[0, 1] > 0.9, layer


def test_a_subset_of_layers_gives_the_same_maps(network: MicraNet, batch: torch.Tensor) -> None:
    mapper = LocalMapper(network)
    _, every = mapper(batch)
    for layers in ((3, 8), (7,), (8,), (2, 5)):
        _, some = mapper(batch, layers=layers)
        assert sorted(some) == sorted(layers)
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


def _assert_close(actual: torch.Tensor, expected: torch.Tensor, share: float) -> None:
    assert actual.shape == expected.shape
    assert (actual - expected).abs().max() <= share * expected.abs().max()
