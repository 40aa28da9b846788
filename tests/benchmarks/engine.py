"""How fast the local maps are, against the paper's procedure written plainly, and how much memory
they need.

    python -m tests.benchmarks.engine [--window 256] [--windows 8] [--structures 2]
        [--largest 16384] [--gated 0.25] [--precision auto] [--no-kernels] [--skip-scaling]

Both procedures run in one process with the same weights on the same device, from pixels to masks:
a random network whose weights keep the signal's strength from layer to layer, and noise, so that
maxima, and with them gradients, lie all over a window. One JSON line per metric (``metric,
value``).
"""

import argparse
from collections.abc import Callable

import torch

from inference.micranet.allocator import tune_allocator
from inference.micranet.device import pick_device, pick_map_dtype
from inference.micranet.fine import fine_map
from inference.micranet.maps import LocalMapper
from inference.micranet.native import lanes
from tests.benchmarks.engine_gpu import report_gpu
from tests.benchmarks.engine_parts import (
    forward_share,
    lively_network,
    max_error,
    report,
    report_memory,
    seconds,
)
from tests.benchmarks.plain import plain_masks

LAYERS = (1, 2, 3, 4, 5, 6, 7, 8)


def main() -> None:
    """Print one JSON line per metric."""
    options = parse()
    plain = _plain_seconds(options)  # first, on the default allocator, as its users run it
    tune_allocator()
    bench = Bench(options)
    bench.describe()
    ours = bench.seconds(options.windows, options.structures)
    gated = bench.seconds(options.windows, options.structures, share=options.gated)
    report("windows_per_second", 1 / ours)
    report("windows_per_second_paper", 1 / plain)
    report("speedup_vs_paper", plain / ours)
    report("speedup_gated", plain / gated)
    report("speedup_gated_share_present", options.gated)
    forward_share(bench.mapper(options.structures), bench.windows(options.windows))
    if not options.skip_scaling:
        bench.scaling()
    max_error(kernels=options.kernels, dtype=bench.dtype)
    if bench.device.type == "cuda":
        report_gpu(bench.device)
    report_memory(options.largest)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--window", type=int, default=256, help="side of a window in px")
    parser.add_argument("--windows", type=int, default=8, help="windows in a batch")
    parser.add_argument("--structures", type=int, default=2)
    parser.add_argument("--gated", type=float, default=0.25, help="share present, second measure")
    parser.add_argument("--largest", type=int, default=16384, help="widest image, 0 for none")
    parser.add_argument("--precision", choices=["auto", "float32", "bfloat16"], default="auto")
    parser.add_argument("--no-kernels", dest="kernels", action="store_false", help="torch alone")
    parser.add_argument(
        "--skip-scaling", action="store_true", help="no structures 1-8, windows 1-32"
    )
    return parser.parse_args()


def _plain_seconds(options: argparse.Namespace) -> float:
    """Seconds per window of the paper's procedure."""
    network = lively_network(options.structures).to(pick_device())
    windows = _noise(3, options.window).to(pick_device())
    return seconds(lambda: plain_masks(network, windows), repeats=5) / len(windows)


def _noise(count: int, side: int) -> torch.Tensor:
    return torch.rand(count, 1, side, side, generator=torch.Generator().manual_seed(1))


class Bench:
    """Our engine on windows of noise."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.device = pick_device()
        self.dtype = pick_map_dtype(self.device, options.precision)

    def describe(self) -> None:
        """Where and how it runs."""
        report("device", self.device.type)
        report("threads", torch.get_num_threads())
        report("dtype", str(self.dtype).removeprefix("torch."))
        engine = self.mapper(1).engine
        report("engine", engine)
        if engine == "kernels":
            report("lanes", lanes())

    def mapper(self, structures: int) -> LocalMapper:
        """A frozen network."""
        network = lively_network(structures).to(self.device)
        return LocalMapper(network, dtype=self.dtype, native=self.options.kernels)

    def windows(self, count: int) -> torch.Tensor:
        """Windows on the device."""
        noise = _noise(count, self.options.window)
        return noise.to(self.device, memory_format=torch.channels_last)

    def seconds(self, count: int, structures: int, share: float = 1.0) -> float:
        """Seconds per window from pixels to masks, with a share of the structures present."""
        run = self._run(count, structures, share)
        return seconds(run, repeats=max(3, 80 // count)) / count

    def _run(self, count: int, structures: int, share: float) -> Callable[[], object]:
        mapper, windows = self.mapper(structures), self.windows(count)
        order = torch.randperm(count * structures, generator=torch.Generator().manual_seed(2))
        present = (order < share * count * structures).reshape(count, structures).to(self.device)

        def run() -> torch.Tensor:
            _, local = mapper(windows, layers=LAYERS, present=present)
            coarse = local.pop(8)
            return (fine_map(local, coarse, kernels=self.options.kernels) >= 0.5).cpu()

        return run

    def scaling(self) -> None:
        """Cost per structure, beyond what none costs, and per window."""
        forward = self.seconds(4, 1, share=0.0)
        report("seconds_per_window_structures_0", forward)
        per_structure = []
        for count in (1, 2, 4, 8):
            value = self.seconds(4, count)
            per_structure.append((value - forward) / count)
            report(f"seconds_per_window_structures_{count}", value)
            report(f"seconds_per_structure_of_{count}", per_structure[-1])
        report("structures_ratio_largest_smallest", _ratio(per_structure))
        per_window = {n: self.seconds(n, self.options.structures) for n in (1, 2, 4, 8, 16, 32)}
        for count, value in per_window.items():
            report(f"seconds_per_window_windows_{count}", value)
        report("windows_ratio_largest_smallest", _ratio(list(per_window.values())))


def _ratio(values: list[float]) -> float:
    return max(values) / min(values)


if __name__ == "__main__":
    main()
