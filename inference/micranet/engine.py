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


class Run(NamedTuple):
    """A layer's activations, what the next layer is given (2x2 maxima or the same), and what the
    engine needs to find its way back through the maxima. For L1 an engine may keep the image in
    place of the activations, and make them anew where they are wanted."""

    active: Tensor
    onward: Tensor
    chosen: Tensor | None


class Stepped(NamedTuple):
    """A step back: the gradient (N, K, h, w) where the gate is above 0, and sums (N, K) before and
    after the gate."""

    gradient: Tensor
    sums: Tensor
    gated: Tensor


class Back(NamedTuple):
    """A gradient (N, K, h, w), the sample that each pair belongs to, and where it lies at 2x2
    maxima, ``chosen`` of the run: it goes to the first of the largest of each four."""

    gradient: Tensor
    owner: Tensor
    chosen: Tensor | None


class Maxima(NamedTuple):
    """A gradient at the maxima of L8: ``last`` its activations (B, K, h, w), ``top`` (B, K) their
    maxima, ``weight`` (N, K) what each pair gives to them."""

    last: Tensor
    top: Tensor
    weight: Tensor


class Engine(Protocol):
    """Layers are counted from 1. ``owner`` int64 (N,) is the sample that a pair belongs to."""

    def forward(self, layer: int, x: Tensor, *, pool: bool) -> Run:
        """A layer with or without pooling after it."""

    def backward(self, layer: int, back: Back, gate: Tensor) -> Stepped:
        """From the gradient at a layer's convolution to its input, ``gate`` being the input."""

    def scatter(self, maxima: Maxima, gate: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
        """The same for layer 8: its gradient is ``weight`` at each channel's maximum, in equal
        shares where it is reached more than once, and nothing where the maximum is 0. Returns the
        gated gradient and the sums before the gate."""

    def rims(self, back: Back) -> Tensor:
        """What each tap of a 3x3 convolution cannot move within the image: sums (N, K, 3, 3) of the
        pixels at the rims of a gradient at 2x2 maxima."""

    def project(self, activation: Tensor, weights: Tensor) -> Tensor:
        """Sum over channels of weights (B, S, channels) times activations, as ``Run`` has them:
        float (B, S, height, width)."""


class TorchEngine:
    """By torch alone: any device, any float type, any number of channels."""

    def __init__(self, convs: Sequence[nn.Conv2d], dtype: torch.dtype | None = None) -> None:
        self._convs = [channels_last(conv.to(dtype) if dtype else conv) for conv in convs]

    def forward(self, layer: int, x: Tensor, *, pool: bool) -> Run:
        conv = self._convs[layer - 1]
        found = conv(x.to(conv.weight.dtype)).relu_()
        if not pool:
            return Run(found, found, None)
        return Run(found, nn.functional.max_pool2d(found, 2), found)

    def backward(self, layer: int, back: Back, gate: Tensor) -> Stepped:
        weight = self._convs[layer - 1].weight
        gradient = _unpooled(back).to(weight.dtype)
        found = nn.functional.conv_transpose2d(gradient, weight, padding=1)
        kept = found * (gate[back.owner] > 0)
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

    def rims(self, back: Back) -> Tensor:
        rows, corners = _edges(back)
        assert back.chosen is not None
        turned = Back(_last(back.gradient.mT), back.owner, _last(back.chosen.mT))
        columns, _ = _edges(turned)
        return rows[:, :, :, None] + columns[:, :, None, :] - corners

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


def _unpooled(back: Back) -> Tensor:
    """Gradient through 2x2 max pooling; ``chosen`` holds the activations before it."""
    if back.chosen is None:
        return back.gradient
    _, where = nn.functional.max_pool2d(back.chosen, 2, return_indices=True)
    size = list(back.chosen.shape[2:])
    return nn.functional.max_unpool2d(back.gradient, where[back.owner], [2, 2], output_size=size)


def _edges(back: Back) -> tuple[Tensor, Tensor]:
    """Of the full gradient: sums of its first, no and last row (N, K, 3), and corners (N, K, 3, 3).

    Only these rows are ever unpooled.
    """
    assert back.chosen is not None
    edges = []
    for row, small, large in ((0, slice(0, 1), slice(0, 2)), (1, slice(-1, None), slice(-2, None))):
        gradient, chosen = _last(back.gradient[:, :, small]), _last(back.chosen[:, :, large])
        edges.append(_unpooled(Back(gradient, back.owner, chosen))[:, :, row])
    edges = [edge.float() if edge.dtype == torch.bfloat16 else edge for edge in edges]
    none = torch.zeros_like(edges[0])
    lines = torch.stack([edges[0], none, edges[1]], dim=2)
    ends = torch.stack([lines[..., 0], none[..., :1].expand(-1, -1, 3), lines[..., -1]], dim=3)
    return lines.sum(dim=3), ends


def _last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)
