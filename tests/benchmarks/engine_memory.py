"""Segment an image of a given size and print the process's peak memory in MB; run by the engine
benchmark.

    python -m tests.benchmarks.engine_memory refined|paper WIDTH HEIGHT

The image is made window by window, so that what is measured is the engine (and torch itself) and
not the image. The model sees it at half its resolution, so that already 1,024 px fill a window
of the refined method. Of the image, memory knows only its width, and of that a few rows of bytes:
what is above the band of windows at work has been written. So an image need only be as high as a
few bands, and one tall image proves it.
"""

import sys

import numpy as np

from inference.micranet.allocator import tune_allocator
from inference.micranet.config import METHODS, Method, ModelSpec
from inference.micranet.model import build
from inference.micranet.segment import segment
from tests.benchmarks.memory import peak_mb

FACTOR, PATCH = 2, 256


def main() -> None:
    """Print the peak in MB."""
    tune_allocator()
    method = next(known for known in METHODS if known == sys.argv[1])
    width, height = int(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(0)
    segment(
        build(_spec(method)),
        lambda y0, y1, x0, x1: rng.integers(0, 255, (1, y1 - y0, x1 - x0), dtype=np.uint8),
        height=height,
        width=width,
        limits=[(0, 255)],
        write=lambda structure, y0, x0, rows: None,
    )
    print(peak_mb())


def _spec(method: Method) -> ModelSpec:
    """Two structures; scores of 0 count as "yes", so that the paper's method leaves nothing out."""
    return ModelSpec(
        method,
        channels=1,
        structures=("a", "b"),
        patch_size=PATCH,
        downscale=FACTOR,
        thresholds=(0.5, 0.5),
        decisions=(0.0, 0.0),
    )


if __name__ == "__main__":
    main()
