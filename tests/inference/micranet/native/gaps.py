"""How far the kernels' maps lie from the oracle's, in a process of its own, so that the environment
can tell torch, and with it us, what the processor has: prints {"lanes": ..., "gap": ...}.

The layers have 3, 6 and 12 panels of 16 channels, so that some multiply two at once and one alone.
"""

import json
import sys

import torch

from inference.micranet.maps import LocalMapper
from inference.micranet.native import lanes
from inference.micranet.network import MicraNet, NetworkConfig
from tests.inference.micranet.oracle import naive_maps, trained_looking


def main() -> None:
    """Print one line."""
    torch.manual_seed(7)
    network = trained_looking(MicraNet(NetworkConfig(channels=2, structures=2, width=48)))
    windows = torch.randn(3, 2, 40, 72, generator=torch.Generator().manual_seed(2))
    mapper = LocalMapper(network)
    assert mapper.engine == "kernels"
    _, maps = mapper(windows)
    gap = _gap(network.double(), windows.double(), maps)
    json.dump({"lanes": lanes(), "gap": gap}, sys.stdout)


def _gap(network: MicraNet, windows: torch.Tensor, maps: dict[int, torch.Tensor]) -> float:
    """The largest difference, as a share of the largest value of its map."""
    worst = 0.0
    for sample in range(len(windows)):
        for structure in range(2):
            expected = naive_maps(network, windows[sample : sample + 1], structure)
            for layer, local in enumerate(expected, start=1):
                found = maps[layer][sample, structure].double()
                size = float(local.abs().max())
                if size:
                    worst = max(worst, float((found - local).abs().max()) / size)
    return worst


if __name__ == "__main__":
    main()
