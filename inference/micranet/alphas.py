"""Channel weights of the local maps: mean gradients of a logit over each layer, exactly.

With G_l the gradient at layer l's convolution (before its ReLU), D_l the one at its activations:

    D_8 = W[c, k] at the maximum of channel k        G_l = D_l where A_l > 0
    D_(l-1) = transposed convolution of G_l          (through the 2x2 pooling after L2, L4 and L6)
    alpha_l = mean over the pixels of D_l

Only these means are wanted, so L8 starts from single points, and L2 to L1, half of whose work would
lie at full resolution, is a sum over kernel taps (``_first_alpha``).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from inference.micranet.engine import Back, Engine, Maxima
from inference.micranet.network import LAYERS

POOLED_AFTER = (2, 4, 6)


@dataclass(frozen=True, slots=True)
class Passed:
    """A forward pass: activations (B, K, h, w) by layer, 2x2 maxima after L2, L4 and L6 with the
    way back through them, and the maxima (B, K) of L8."""

    active: dict[int, Tensor]
    pooled: dict[int, Tensor]
    chosen: dict[int, Tensor]
    top: Tensor

    def input_of(self, layer: int) -> Tensor:
        """What layer ``layer`` was given, layers from 2."""
        return self.pooled.get(layer - 1, self.active[layer - 1])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Samples and structures to explain, each int64 (N,)."""

    owner: Tensor
    structure: Tensor


class Alphas:
    """Computes alpha (N, K) of the layers from 7 down to the lowest that is wanted."""

    def __init__(self, engine: Engine, second: Tensor, head: Tensor) -> None:
        """``second``: weights of L2's convolution; ``head``: W (S, K) of the linear layer."""
        self._engine, self._second, self._head = engine, second, head

    def __call__(self, passed: Passed, pairs: Pairs, *, lowest: int) -> dict[int, Tensor]:
        """Alpha (N, K) by layer."""
        weight = self._head[pairs.structure]
        maxima = Maxima(passed.active[LAYERS], passed.top, weight)
        gate = passed.active[LAYERS - 1]
        gradient, sums = self._engine.scatter(maxima, gate, pairs.owner)
        total = None
        found = {LAYERS - 1: _mean(sums, gate)}
        for layer in range(LAYERS - 1, max(lowest, 2), -1):
            back = Back(gradient, pairs.owner, passed.chosen.get(layer))
            gate = passed.input_of(layer)
            gradient, sums, total = self._engine.backward(layer, back, gate)
            found[layer - 1] = _mean(sums, passed.active[layer - 1])
        if lowest == 1:
            assert total is not None  # of the step to L2
            back = Back(gradient, pairs.owner, passed.chosen[2])
            found[1] = self._first_alpha(back, total) / passed.active[2][0, 0].numel()
        return found

    def _first_alpha(self, back: Back, total: Tensor) -> Tensor:
        """Sums of L1's gradient from the one at L2's maxima and its sums.

        A tap of the transposed convolution moves G_2 by a pixel, so its sum over the image is that
        of G_2 without the row or column that the move pushes out.
        """
        lost = self._engine.rims(back)
        taps = total.to(lost.dtype)[:, :, None, None] - lost
        return torch.einsum("njtu,jktu->nk", taps, self._second.to(lost.dtype))


def _mean(sums: Tensor, over: Tensor) -> Tensor:
    return sums / (over.shape[2] * over.shape[3])


def coarse(last: Tensor, head: Tensor) -> Tensor:
    """M_8 (B, S, h, w) in closed form: under global max pooling alpha is W / (h w), at whatever
    position."""
    height, width = last.shape[2:]
    weighted = nn.functional.conv2d(last, head[:, :, None, None].to(last.dtype))
    return torch.relu(weighted) / (height * width)
