"""How fast the local maps are, against the paper's procedure written plainly, and how much memory
they need.

    python -m tests.benchmarks.engine [--window 256] [--windows 8] [--structures 2] [--largest 8192]

Both procedures run in one process with the same weights on the same device. One JSON line per
metric.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from inference.micranet.allocator import tune_allocator
from inference.micranet.combine import combine
from inference.micranet.device import channels_last, pick_device
from inference.micranet.maps import LocalMapper, enlarge
from inference.micranet.network import MicraNet, NetworkConfig
from tests.benchmarks.plain import plain_masks

MULTIPLY_ADDS_256 = 3.34e9  # of one forward pass of a 256 px window


def main() -> None:
    """Print one JSON line per metric."""
    options = parse()
    plain_seconds = _plain_rate(options) if not options.skip_plain else None
    tune_allocator()
    device = pick_device()
    report("device", device.type)
    report("threads", torch.get_num_threads())
    windows_per_second = _maps_rate(options, device)
    report("windows_per_second", windows_per_second)
    if plain_seconds is not None:
        report("windows_per_second_paper", 1 / plain_seconds)
        report("speedup_vs_paper", windows_per_second * plain_seconds)
    _forward_share(options, device)
    for side in _sides(options.largest):
        report(f"peak_mb_{side}", _peak_mb(side))


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--windows", type=int, default=8)
    parser.add_argument("--structures", type=int, default=2)
    parser.add_argument("--largest", type=int, default=8192, help="side of the largest image")
    parser.add_argument("--skip-plain", action="store_true")
    return parser.parse_args()


def report(metric: str, value: float | str) -> None:
    """One JSON line."""
    shown = round(value, 4) if isinstance(value, float) else value
    print(json.dumps({"metric": metric, "value": shown}), flush=True)


def _network(options: argparse.Namespace) -> MicraNet:
    torch.manual_seed(0)
    return MicraNet(NetworkConfig(channels=1, structures=options.structures)).eval()


def _windows(options: argparse.Namespace) -> torch.Tensor:
    return torch.rand(options.windows, 1, options.window, options.window)


def _plain_rate(options: argparse.Namespace) -> float:
    """Seconds per window of the paper's procedure; on the default allocator, as its users run
    it."""
    network, windows = _network(options), _windows(options)[:3]
    return seconds(lambda: plain_masks(network, windows), repeats=2) / len(windows)


def _maps_rate(options: argparse.Namespace, device: torch.device) -> float:
    """Windows per second from pixels to masks, all structures present."""
    mapper = LocalMapper(channels_last(_network(options)).to(device))
    windows = _windows(options).to(device, memory_format=torch.channels_last)

    def run() -> None:
        _, local = mapper(windows)
        side = windows.shape[-1]
        stacked = enlarge(local, side, side)
        fine = combine(stacked[:, :, :7], stacked[:, :, 7])
        (fine >= 0.5).cpu()

    return float(options.windows / seconds(run))


def _forward_share(options: argparse.Namespace, device: torch.device) -> None:
    """Multiply-adds per second of the forward pass, against one large convolution's."""
    mapper = LocalMapper(channels_last(_network(options)).to(device))
    windows = _windows(options).to(device, memory_format=torch.channels_last)
    work = MULTIPLY_ADDS_256 * options.windows * (options.window / 256) ** 2
    reached = work / seconds(lambda: mapper.logits(windows).cpu())
    peak = _peak(device)
    report("forward_gflops", 2 * reached / 1e9)
    report("convolution_peak_gflops", 2 * peak / 1e9)
    report("share_of_peak", reached / peak)


@torch.no_grad()
def _peak(device: torch.device) -> float:
    """Multiply-adds per second of a 3x3 convolution of 128 channels: what the library can do."""
    conv = channels_last(nn.Conv2d(128, 128, 3, padding=1, bias=False)).to(device)
    x = torch.rand(8, 128, 64, 64, device=device).to(memory_format=torch.channels_last)
    work = 8 * 64 * 64 * 128 * 128 * 9.0
    return work / seconds(lambda: conv(x)[0, 0, 0, 0].item())


def seconds(run: Callable[[], object], repeats: int = 5) -> float:
    """The fastest of some runs, after one to warm up."""
    run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return float(np.min(times))


def _sides(largest: int) -> list[int]:
    return [side for side in (1024, 2048, 4096, 8192, 16384, 20000) if side <= largest]


def _peak_mb(side: int) -> float:
    """Peak memory of a fresh process that segments a square image of this side."""
    command = [sys.executable, "-m", "tests.benchmarks.engine_memory", str(side)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
