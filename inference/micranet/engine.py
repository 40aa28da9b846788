"""What the local maps need of the network: steps forward, and steps backward to activations only.

The backward steps are written by hand over the folded convolutions, for a list of pairs of a sample
and a structure that it shows: no graph is kept, no gradient of a weight is formed, and a structure
that a sample lacks costs nothing. All arrays are (N, channels, height, width), channels last.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor, nn

from inference.micranet.device import channels_last
from inference.micranet.network import LAYERS


class Stepped(NamedTuple):
    """A step back: the gradient (N, K, h, w) where the gate is above 0, and sums (N, K) before and
    after the gate."""

    gradient: Tensor
    sums: Tensor
    gated: Tensor


class Maxima(NamedTuple):
    """A gradient at the maxima of L8: ``last`` its activations (B, K, h, w), ``top`` (B, K) their
    maxima, ``weight`` (N, K) what each pair gives to them."""

    last: Tensor
    top: Tensor
    weight: Tensor


class Engine(Protocol):
    """Layers are counted from 1. ``owner`` int64 (N,) is the sample that a pair belongs to."""

    def forward(self, layer: int, x: Tensor, *, pool: bool) -> tuple[Tensor, Tensor]:
        """Activations of a layer and, with ``pool``, their 2x2 maxima (else themselves)."""

    def backward(self, layer: int, gradient: Tensor, gate: Tensor, owner: Tensor) -> Stepped:
        """From the gradient at a layer's convolution to its input, ``gate`` being the input."""

    def scatter(self, maxima: Maxima, gate: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
        """The same for layer 8: its gradient is ``weight`` at each channel's maximum, in equal
        shares where it is reached more than once, and nothing where the maximum is 0. Returns the
        gated gradient and the sums before the gate."""

    def unpool(self, gradient: Tensor, activation: Tensor, owner: Tensor) -> Tensor:
        """Gradient through 2x2 max pooling: to the first of the largest of each four."""

    def project(self, activation: Tensor, weights: Tensor) -> Tensor:
        """Sum over channels of weights (B, S, channels): float (B, S, height, width)."""


class TorchEngine:
    """By torch alone: any device, any float type, any number of channels."""

    def __init__(self, convs: Sequence[nn.Conv2d], dtype: torch.dtype | None = None) -> None:
        self._convs = [channels_last(conv.to(dtype) if dtype else conv) for conv in convs]

    def forward(self, layer: int, x: Tensor, *, pool: bool) -> tuple[Tensor, Tensor]:
        conv = self._convs[layer - 1]
        found = conv(x.to(conv.weight.dtype)).relu_()
        return found, nn.functional.max_pool2d(found, 2) if pool else found

    def backward(self, layer: int, gradient: Tensor, gate: Tensor, owner: Tensor) -> Stepped:
        weight = self._convs[layer - 1].weight
        found = nn.functional.conv_transpose2d(gradient.to(weight.dtype), weight, padding=1)
        kept = found * (gate[owner] > 0)
        return Stepped(kept, _sums(found), _sums(kept))

    def scatter(self, maxima: Maxima, gate: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
        weight = self._convs[LAYERS - 1].weight
        pairs, (height, width) = len(owner), gate.shape[2:]
        pair, channel, y, x, value = _points(maxima, owner)
        # one pixel wider on every side, so that no neighbour falls off the edge
        found = weight.new_zeros(pairs, height + 2, width + 2, weight.shape[1])
        flat = found.view(-1, weight.shape[1])
        corner = (pair * (height + 2) + y) * (width + 2) + x
        for tap in range(9):
            rows = weight[channel, :, tap // 3, tap % 3] * value[:, None].to(weight.dtype)
            flat.index_add_(0, corner + tap // 3 * (width + 2) + tap % 3, rows)
        inner = found[:, 1:-1, 1:-1].permute(0, 3, 1, 2)
        return inner * (gate[owner] > 0), _sums(inner)

    def unpool(self, gradient: Tensor, activation: Tensor, owner: Tensor) -> Tensor:
        _, where = nn.functional.max_pool2d(activation, 2, return_indices=True)
        size = list(activation.shape[2:])
        return nn.functional.max_unpool2d(gradient, where[owner], [2, 2], output_size=size)

    def project(self, activation: Tensor, weights: Tensor) -> Tensor:
        pixels = activation.float() if activation.dtype == torch.bfloat16 else activation
        found: Tensor = torch.einsum("bsk,bkyx->bsyx", weights.to(pixels.dtype), pixels)
        return found


def _points(maxima: Maxima, owner: Tensor) -> tuple[Tensor, ...]:
    """Pair, channel, y, x and value of every single point of the gradient at L8."""
    pixels, top = maxima.last.permute(0, 2, 3, 1).flatten(1, 2), maxima.top[:, None]
    reached = pixels == top
    shares = maxima.weight.to(pixels.dtype) / reached.sum(dim=1)[owner]
    pair, position, channel = (reached & (top > 0))[owner].nonzero().unbind(1)
    width = maxima.last.shape[3]
    return pair, channel, position // width, position % width, shares[pair, channel]


def _sums(found: Tensor) -> Tensor:
    dtype = torch.float32 if found.dtype == torch.bfloat16 else None
    return found.sum(dim=(2, 3), dtype=dtype)
