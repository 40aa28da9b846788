"""Changes to a batch that change no answer: flips, quarter turns, intensity, gamma."""

import numpy as np
import torch
from torch import Tensor


def turn(batch: Tensor, codes: np.ndarray) -> Tensor:
    """Turn each sample (B, …, P, P) by its code 0..7: two bits of quarter turns, one of flip."""
    turned = torch.empty_like(batch)
    for code in np.unique(codes):
        picked = torch.from_numpy(np.flatnonzero(codes == code))
        part = torch.rot90(batch[picked], int(code) % 4, (-2, -1))
        turned[picked] = part.flip(-1) if code >= 4 else part
    return turned


def turn_codes(count: int, rng: np.random.Generator) -> np.ndarray:
    """Random codes for ``turn``."""
    return rng.integers(0, 8, count)


def jitter(batch: Tensor, rng: np.random.Generator) -> Tensor:
    """Intensity (scale and offset) and gamma, each with probability one half per sample.

    Args:
        batch: (B, C, P, P), contrast limits at 0 and 1. Channels of a sample change together.
    """
    count = len(batch)
    gamma = np.where(rng.random(count) < 0.5, np.exp(rng.uniform(-0.3, 0.3, count)), 1.0)
    shaded = rng.random(count) < 0.5
    scale = np.where(shaded, rng.uniform(0.8, 1.2, count), 1.0)
    offset = np.where(shaded, rng.uniform(-0.06, 0.06, count), 0.0)
    bent = batch.sign() * batch.abs().clamp_min(1e-6) ** _column(gamma, batch)
    return bent * _column(scale, batch) + _column(offset, batch)


def _column(values: np.ndarray, like: Tensor) -> Tensor:
    column = torch.as_tensor(values, dtype=like.dtype, device=like.device)
    return column[:, None, None, None]
