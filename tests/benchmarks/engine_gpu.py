"""Figures that only a GPU gives: pixels per second, and a 4096 px image from file to mask."""

import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tifffile
import torch

from inference.micranet.config import ModelSpec
from inference.micranet.model import Model, build
from inference.micranet.segment import segment
from tests.benchmarks.engine_parts import report

_SIDE = 4096


def report_gpu(device: torch.device) -> None:
    """Both figures of the refined method, after one small image to warm up."""
    spec = ModelSpec("refined", 1, ("a",), 256, thresholds=(0.5,), decisions=(0.5,))
    model = build(spec).to(device)
    image = np.random.default_rng(0).integers(0, 255, (1, _SIDE, _SIDE), dtype=np.uint8)
    _mask(model, image[:, :1024, :1024])
    started = time.perf_counter()
    _mask(model, image)
    report("pixels_per_second", _SIDE**2 / (time.perf_counter() - started))
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "image.tif", Path(folder) / "mask.tif"
        tifffile.imwrite(source, image[0])
        started = time.perf_counter()
        mask = _mask(model, tifffile.imread(source)[None])
        tifffile.imwrite(target, mask.astype(np.uint8))
        report(f"seconds_file_to_mask_{_SIDE}", time.perf_counter() - started)


def _mask(model: Model, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    mask = np.zeros(image.shape[1:], dtype=bool)

    def write(structure: int, y0: int, x0: int, rows: npt.NDArray[np.uint8]) -> None:
        mask[y0 : y0 + rows.shape[0], x0 : x0 + rows.shape[1]] = rows >= 128

    segment(
        model,
        lambda y0, y1, x0, x1: image[:, y0:y1, x0:x1],
        height=image.shape[1],
        width=image.shape[2],
        limits=[(0, 255)],
        write=write,
    )
    return mask
