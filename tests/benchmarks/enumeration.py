"""Which structure each object of a mask is."""

import numpy as np
import numpy.typing as npt
import torch
from scipy import ndimage

from inference.micranet.model import Model
from inference.micranet.preprocess import Limits, prepare
from inference.micranet.scoring import score_window

Labels = npt.NDArray[np.int32]
Planes = npt.NDArray[np.floating]
_BATCH = 64
_HALO_PX = 2  # of an object: what a blurred border leaves outside of the mask


def named_by_scores(
    objects: Labels, planes: Planes, limits: Limits, model: Model
) -> npt.NDArray[np.intp]:
    """Per object the structure with the highest score in a window around it.

    Args:
        objects: (H, W) numbered 1, 2, 3 … planes: (C, H, W). model: its patch size is the window's
            side.
    """
    windows = _windows(objects, planes, model.spec.patch_size)
    if not windows:
        return np.zeros(0, dtype=np.intp)
    score = score_window(model)
    shown = np.stack([prepare(window, limits, model.spec.downscale) for window in windows])
    parts = torch.split(torch.from_numpy(shown).to(model.device), _BATCH)
    scores = torch.cat([score(part) for part in parts])
    return np.asarray(scores.argmax(dim=1).cpu().numpy(), dtype=np.intp)


def _windows(objects: Labels, planes: Planes, side: int) -> list[Planes]:
    """Per object the (C, side, side) around the middle of its box, other objects replaced by the
    image's median."""
    half = side // 2
    ground = np.median(planes, axis=(1, 2))[:, None, None]
    numbers = np.pad(objects, half)
    image = np.broadcast_to(ground, (len(planes), *numbers.shape)).copy()
    image[:, half:-half, half:-half] = planes
    found = []
    for number, box in enumerate(ndimage.find_objects(numbers), start=1):
        y, x = ((part.start + part.stop) // 2 - half for part in box)
        window = np.s_[y : y + side, x : x + side]
        others = _others(numbers[window], number)
        found.append(np.where(others, ground, image[:, *window]))
    return found


def _others(numbers: Labels, number: int) -> npt.NDArray[np.bool_]:
    """Where other objects are, with their borders, but not the object's own."""
    own = ndimage.binary_dilation(numbers == number, iterations=_HALO_PX)
    return np.asarray(ndimage.binary_dilation(numbers > 0, iterations=_HALO_PX) & ~own)
