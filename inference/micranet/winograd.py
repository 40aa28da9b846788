"""The engine in C: Winograd's convolutions for float32 on the CPU."""

import ctypes
from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor, nn

from inference.micranet import native
from inference.micranet.engine import Back, Maxima, Run, Stepped
from inference.micranet.native import PANEL, LayerArgs, address, call
from inference.micranet.native.workspace import on_large_pages
from inference.micranet.network import LAYERS

# Blocks of 6x6 cost less and round six times as much. Where activations lie near 0, or two
# near each other, rounding decides where a gradient goes. So they serve the way back alone.
FORWARD_SIDE = 4

# Up to so many channels of an image, L1 costs less to make twice than to store and read again.
RENEWED = 4

# Points of Winograd's transforms by the side of the block of output; besides them, infinity.
_POINTS = {
    4: (0, 2 / 3, -2 / 3, 3 / 2, -3 / 2),
    6: (0, 1 / 2, -1 / 2, 1, -1, 2, -2),
}


def fits(convs: Sequence[nn.Conv2d]) -> bool:
    """Whether the kernels are built and made for such layers."""
    first = convs[0].weight
    return (
        native.library() is not None
        and first.device.type == "cpu"
        and first.dtype == torch.float32
        and all(conv.out_channels % PANEL == 0 for conv in convs)
    )


def transformed(weight: Tensor, side: int) -> Tensor:
    """Kernels (outputs, inputs, 3, 3) at the points of blocks of ``side`` x ``side`` px: float32
    ((side + 2)², outputs / 16, inputs, 16)."""
    matrix = _to_points(_POINTS[side])
    points = torch.einsum("ap,oipq,bq->aboi", matrix, weight.double(), matrix)
    outputs, inputs = weight.shape[:2]
    panels = points.reshape(-1, outputs // PANEL, PANEL, inputs).transpose(2, 3)
    return on_large_pages(panels.float().contiguous())


def _to_points(points: Sequence[float]) -> Tensor:
    """The transform of a line of a kernel, float64 (points and infinity, 3): its polynomial's
    values, divided by what ``points.h`` leaves out."""
    rows = [
        torch.tensor([1, x, x * x], dtype=torch.float64) / prod(x - y for y in points if y != x)
        for x in points
    ]
    return torch.stack([*rows, torch.tensor([0, 0, 1], dtype=torch.float64)])


def best_side(height: int, width: int) -> int:
    """The side of blocks (4 or 6) that covers so many px with fewer multiply-adds."""
    work = {side: -(-height // side) * -(-width // side) * (side + 2) ** 2 for side in (6, 4)}
    return min(work, key=lambda side: work[side])


class _Kernels:
    """A layer's weights (outputs, inputs, 3, 3), transformed when a block size first needs it."""

    def __init__(self, weight: Tensor) -> None:
        self._weight = weight
        self._known: dict[int, Tensor] = {}

    def __getitem__(self, side: int) -> Tensor:
        if side not in self._known:
            self._known[side] = transformed(self._weight, side)
        return self._known[side]


class WinogradEngine:
    """Steps of ``engine.Engine`` in C."""

    def __init__(self, convs: Sequence[nn.Conv2d]) -> None:
        weights = [conv.weight.detach() for conv in convs]
        self._biases = [_bias(conv) for conv in convs]
        self._first = weights[0].permute(2, 3, 1, 0).reshape(9, *weights[0].shape[1::-1])
        self._first = self._first.contiguous()
        self._forward = [transformed(w, FORWARD_SIDE) for w in weights[1:]]
        self._backward = [_Kernels(w.flip(2, 3).transpose(0, 1)) for w in weights[1 : LAYERS - 1]]
        self._last = weights[-1].permute(0, 2, 3, 1).contiguous()

    def forward(self, layer: int, x: Tensor, *, pool: bool) -> Run:
        x = _plain(x)
        if layer == 1:
            return self._forward_first(x)
        bias = self._biases[layer - 1]
        found = _empty(len(x), len(bias), x.shape[2], x.shape[3])
        args = self._input_args(x, found, bias=address(bias))
        args.side = FORWARD_SIDE
        args.kernel = address(self._forward[layer - 2])
        smaller, chosen = _room_for_maxima(found) if pool else (found, None)
        args.pooled = address(smaller) if pool else 0
        args.chosen = address(chosen)
        native.shared_out(
            _blocks(found, FORWARD_SIDE), lambda _, first, last: native.convolve(args, first, last)
        )
        return Run(found, smaller, chosen)

    def _forward_first(self, x: Tensor) -> Run:
        if x.shape[1] <= RENEWED:
            return Run(x, x, None)
        found = _empty(len(x), len(self._biases[0]), *x.shape[2:])
        call("micranet_first", len(x) * x.shape[2], self._first_args(x, found))
        return Run(found, found, None)

    def _first_args(self, x: Tensor, found: Tensor | None) -> LayerArgs:
        args = _args(x, found, kernel=address(self._first), bias=address(self._biases[0]))
        args.outputs = len(self._biases[0])
        return args

    def _input_args(self, x: Tensor, found: Tensor, **addresses: int) -> LayerArgs:
        """Arguments of what reads activations, or an image of which L1's are made."""
        args = _args(x, found, **addresses)
        if x.shape[1] <= RENEWED:
            args.before = ctypes.pointer(self._first_args(x, None))
            args.inputs = len(self._biases[0])
        return args

    def backward(self, layer: int, back: Back, gate: Tensor) -> Stepped:
        gradient, owners = back.gradient, back.owner.to(torch.int32)
        found = _empty(len(gradient), *gate.shape[1:])
        side = best_side(*gate.shape[2:])
        kernel = address(self._backward[layer - 2][side])
        args = _args(gradient, found, kernel=kernel, gate=address(gate), owner=address(owners))
        args.height, args.width = gate.shape[2:]
        args.side, args.chosen = side, address(back.chosen)
        sums, gated = _with_sums(args, found, _blocks(found, side))
        return Stepped(found, sums, gated)

    def scatter(self, maxima: Maxima, gate: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
        found = _empty(len(owner), *gate.shape[1:])
        sums, owners = torch.empty(*found.shape[:2], dtype=torch.float64), owner.to(torch.int32)
        last, top, weight = _plain(maxima.last), maxima.top.contiguous(), maxima.weight.contiguous()
        args = _args(last, found, kernel=address(self._last), gate=address(gate))
        args.owner, args.sums = address(owners), address(sums)
        more = ctypes.c_void_p(address(top)), ctypes.c_void_p(address(weight))
        call("micranet_scatter", len(owner), args, *more)
        return found, sums.float()

    def rims(self, back: Back) -> Tensor:
        assert back.chosen is not None
        pairs, channels, height, width = back.gradient.shape
        found, owners = torch.empty(pairs, 9, channels), back.owner.to(torch.int32)
        args = LayerArgs(inputs=channels, height=2 * height, width=2 * width)
        args.input, args.output = address(back.gradient), address(found)
        args.owner, args.chosen = address(owners), address(back.chosen)
        call("micranet_rims", pairs, args)
        return found.transpose(1, 2).reshape(pairs, channels, 3, 3)

    def project(self, activation: Tensor, weights: Tensor) -> Tensor:
        samples, structures, _ = weights.shape
        weights = weights.float().contiguous()
        found = torch.empty(samples, structures, *activation.shape[2:])
        args = self._input_args(activation, found, kernel=address(weights))
        call("micranet_project", samples * activation.shape[2], args)
        return found


def _bias(conv: nn.Conv2d) -> Tensor:
    if conv.bias is None:
        return torch.zeros(conv.out_channels)
    return conv.bias.detach().contiguous()


def _with_sums(args: LayerArgs, found: Tensor, units: int) -> tuple[Tensor, Tensor]:
    """Run the convolution with sums of its own for every thread, added up afterwards."""
    sums = torch.zeros(torch.get_num_threads(), 2, *found.shape[:2], dtype=torch.float64)

    def run(part: int, first: int, last: int) -> None:
        own = LayerArgs.from_buffer_copy(args)
        own.sums, own.gated = address(sums[part, 0]), address(sums[part, 1])
        native.convolve(own, first, last)

    native.shared_out(units, run)
    before, after = sums.sum(dim=0).float()
    return before, after


def _args(x: Tensor, found: Tensor | None, **addresses: int) -> LayerArgs:
    return LayerArgs(
        input=address(x),
        output=address(found),
        height=x.shape[2],
        width=x.shape[3],
        inputs=x.shape[1],
        outputs=0 if found is None else found.shape[1],
        **addresses,
    )


def _empty(samples: int, channels: int, height: int, width: int) -> Tensor:
    return torch.empty((samples, channels, height, width), memory_format=torch.channels_last)


def _room_for_maxima(found: Tensor) -> tuple[Tensor, Tensor]:
    """For 2x2 maxima, and for which of the four each is, channels last."""
    samples, channels, height, width = found.shape
    smaller = _empty(samples, channels, height // 2, width // 2)
    return smaller, torch.empty_like(smaller, dtype=torch.uint8)


def _plain(x: Tensor) -> Tensor:
    return x.float().contiguous(memory_format=torch.channels_last)


def _blocks(x: Tensor, side: int) -> int:
    """Rows of blocks over all samples."""
    return len(x) * -(-x.shape[2] // side)
