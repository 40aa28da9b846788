"""Segment an image of a given side and print the process's peak memory in MB; run by the engine
benchmark.

The image is made window by window, so that what is measured is the engine and not the image.
"""

import resource
import sys

import numpy as np

from inference.micranet.allocator import tune_allocator
from inference.micranet.config import ModelSpec
from inference.micranet.model import build
from inference.micranet.segment import segment


def main() -> None:
    """Print the peak in MB."""
    tune_allocator()
    side = int(sys.argv[1])
    spec = ModelSpec("refined", 1, ("a",), 64, thresholds=(0.5,), decisions=(0.5,), downscale=2)
    rng = np.random.default_rng(0)
    segment(
        build(spec),
        lambda y0, y1, x0, x1: rng.integers(0, 255, (1, y1 - y0, x1 - x0), dtype=np.uint8),
        height=side,
        width=side,
        limits=[(0, 255)],
        write=lambda structure, y0, x0, rows: None,
        patch_size=256,
    )
    print(round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


if __name__ == "__main__":
    main()
