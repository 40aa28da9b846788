"""Parts of the engine benchmark: networks, clocks, the library's peak, errors, memory."""

import json
import subprocess
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from inference.micranet.config import METHODS
from inference.micranet.device import channels_last
from inference.micranet.maps import LocalMapper
from inference.micranet.network import MicraNet, NetworkConfig
from tests.inference.micranet.oracle import naive_maps

MULTIPLY_ADDS_256 = 3.34e9  # of one forward pass of a 256 px window, by plain convolution
_SIDES = (1024, 2048, 4096, 8192, 16384)
_HIGHEST = 2048


def report(metric: str, value: float | str) -> None:
    """One JSON line."""
    shown = float(f"{value:.5g}") if isinstance(value, float) else value
    print(json.dumps({"metric": metric, "value": shown}), flush=True)


def seconds(run: Callable[[], object], repeats: int = 5) -> float:
    """The fastest of some runs, after one to warm up."""
    run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def lively_network(structures: int, channels: int = 1) -> MicraNet:
    """Seeded weights that keep the variance (He et al., ICCV 2015), as training tends to.

    Torch's own start lets activations fade until few spots rule all maxima, which would flatter a
    sparse backward pass.
    """
    torch.manual_seed(0)
    network = MicraNet(NetworkConfig(channels=channels, structures=structures))
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    return network.eval()


def forward_share(mapper: LocalMapper, windows: Tensor) -> None:
    """Multiply-adds per second of the forward pass against the library's on one large convolution.

    Counted as plain convolutions need them: Winograd's do with a quarter, so a share may exceed 1.
    """
    work = MULTIPLY_ADDS_256 * len(windows) * (windows.shape[-1] / 256) ** 2
    reached = work / seconds(lambda: mapper.logits(windows).cpu())
    peak = _peak(windows.device, mapper.dtype)
    report("forward_gflops", 2 * reached / 1e9)
    report("convolution_peak_gflops", 2 * peak / 1e9)
    report("share_of_peak", reached / peak)


@torch.no_grad()
def _peak(device: torch.device, dtype: torch.dtype) -> float:
    """Multiply-adds per second of a 3x3 convolution of 128 channels: what the library can do."""
    conv = channels_last(nn.Conv2d(128, 128, 3, padding=1, bias=False)).to(device, dtype)
    x = torch.rand(8, 128, 64, 64, device=device, dtype=dtype)
    x = x.to(memory_format=torch.channels_last)
    work = 8 * 64 * 64 * 128 * 128 * 9.0
    return work / seconds(lambda: conv(x)[0, 0, 0, 0].item())


def max_error(*, kernels: bool, dtype: torch.dtype) -> None:
    """Largest difference from a plain autograd in float64, as a share of a map's largest value."""
    network = lively_network(2)
    window = torch.rand(1, 1, 128, 128, generator=torch.Generator().manual_seed(3))
    _, maps = LocalMapper(network, dtype=dtype, native=kernels)(window)
    exact, worst = network.double(), 0.0
    for structure in range(2):
        expected = naive_maps(exact, window.double(), structure)
        for layer, local in enumerate(expected, start=1):
            gap = (maps[layer][0, structure].double() - local).abs().max() / local.abs().max()
            worst = max(worst, float(gap))
    report("max_error", worst)


def report_memory(largest: int) -> None:
    """Peak memory against the image's width, for both methods, and of one tall image."""
    for method in METHODS:
        for side in (side for side in _SIDES if side <= largest):
            suffix = "" if method == "refined" else f"_{method}"
            report(f"peak_mb_{side}{suffix}", _peak_mb(method, side, min(side, _HIGHEST)))
    if largest >= _SIDES[-1]:
        report(f"peak_mb_tall_1024x{largest}", _peak_mb("refined", 1024, largest))


def _peak_mb(method: str, width: int, height: int) -> float:
    """Peak memory of a fresh process that segments an image of this size."""
    module = "tests.benchmarks.engine_memory"
    command = [sys.executable, "-m", module, method, str(width), str(height)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)
