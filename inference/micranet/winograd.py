"""The engine in C: Winograd's convolutions for float32 on the CPU."""

import ctypes
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from inference.micranet import native
from inference.micranet.engine import Points
from inference.micranet.native import BLOCK, LANES, PANEL, LayerArgs, address, call
from inference.micranet.network import LAYERS

# F(4x4, 3x3) at the points 0, 1, -1, 2, -2, infinity
_TO_POINTS = (
    (1 / 4, 0, 0),
    (-1 / 6, -1 / 6, -1 / 6),
    (-1 / 6, 1 / 6, -1 / 6),
    (1 / 24, 1 / 12, 1 / 6),
    (1 / 24, -1 / 12, 1 / 6),
    (0, 0, 1),
)


def fits(convs: Sequence[nn.Conv2d]) -> bool:
    """Whether the kernels are built and made for such layers."""
    first = convs[0].weight
    return (
        native.library() is not None
        and first.device.type == "cpu"
        and first.dtype == torch.float32
        and all(conv.out_channels % PANEL == 0 for conv in convs)
    )


def transformed(weight: Tensor) -> Tensor:
    """Kernels (outputs, inputs, 3, 3) at the 36 points: float32 (36, outputs / 16, inputs, 16)."""
    matrix = torch.tensor(_TO_POINTS, dtype=torch.float64)
    points = torch.einsum("ap,oipq,bq->aboi", matrix, weight.double(), matrix)
    outputs, inputs = weight.shape[:2]
    panels = points.reshape(36, outputs // PANEL, PANEL, inputs).transpose(2, 3)
    return panels.float().contiguous()


class WinogradEngine:
    """Steps of ``engine.Engine`` in C."""

    def __init__(self, convs: Sequence[nn.Conv2d]) -> None:
        weights = [conv.weight.detach() for conv in convs]
        self._biases = [_bias(conv) for conv in convs]
        self._first = weights[0].permute(2, 3, 1, 0).reshape(9, *weights[0].shape[1::-1])
        self._first = self._first.contiguous()
        self._forward = [transformed(w) for w in weights[1:]]
        self._backward = [
            transformed(w.flip(2, 3).transpose(0, 1)) for w in weights[1 : LAYERS - 1]
        ]
        self._last = weights[-1].permute(0, 2, 3, 1).contiguous()

    def forward(self, layer: int, x: Tensor, *, pool: bool) -> tuple[Tensor, Tensor]:
        x = _plain(x)
        bias = self._biases[layer - 1]
        found = _empty(len(x), len(bias), x.shape[2], x.shape[3])
        args = _args(x, found, bias=address(bias))
        if layer == 1:
            args.kernel = address(self._first)
            call("micranet_first", len(x) * x.shape[2], args)
            return found, nn.functional.max_pool2d(found, 2) if pool else found
        args.kernel = address(self._forward[layer - 2])
        smaller = _empty(len(x), len(bias), x.shape[2] // 2, x.shape[3] // 2) if pool else found
        args.pooled = address(smaller) if pool else 0
        call("micranet_convolve", _blocks(x), args)
        return found, smaller

    def backward(
        self, layer: int, gradient: Tensor, gate: Tensor, owner: Tensor
    ) -> tuple[Tensor, Tensor]:
        found = _empty(len(gradient), *gate.shape[1:])
        args = _args(gradient, found, kernel=address(self._backward[layer - 2]), sparse=1)
        owners = owner.to(torch.int32)
        args.gate, args.owner = address(gate), address(owners)
        return found, _with_sums(args, found, _blocks(gradient))

    def scatter(self, points: Points, gate: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
        found = _empty(len(owner), *gate.shape[1:]).zero_()
        args = _args(found, found, kernel=address(self._last))
        where = points.where[:, [0, 2, 3, 1]].to(torch.int32).contiguous()
        value = points.value.float().contiguous()
        more = ctypes.c_void_p(address(where)), ctypes.c_void_p(address(value))
        call("micranet_scatter", gate.shape[1] // LANES, args, *more, ctypes.c_long(len(value)))
        sums = found.sum(dim=(2, 3))
        return found.mul_(gate[owner] > 0), sums

    def unpool(self, gradient: Tensor, activation: Tensor, owner: Tensor) -> Tensor:
        found = _empty(len(gradient), *activation.shape[1:])
        owners = owner.to(torch.int32)
        args = _args(gradient, found, gate=address(activation), owner=address(owners))
        args.height, args.width = activation.shape[2:]
        call("micranet_unpool", len(gradient) * (activation.shape[2] // 2), args)
        return found

    def project(self, activation: Tensor, weights: Tensor) -> Tensor:
        samples, structures, _ = weights.shape
        weights = weights.float().contiguous()
        found = torch.empty(samples, structures, *activation.shape[2:])
        args = _args(activation, found, kernel=address(weights))
        call("micranet_project", samples * activation.shape[2], args)
        return found


def _bias(conv: nn.Conv2d) -> Tensor:
    if conv.bias is None:
        return torch.zeros(conv.out_channels)
    return conv.bias.detach().contiguous()


def _with_sums(args: LayerArgs, found: Tensor, units: int) -> Tensor:
    """Run the convolution with sums of its own for every thread, added up afterwards."""
    sums = torch.zeros(torch.get_num_threads(), *found.shape[:2], dtype=torch.float64)

    def run(part: int, first: int, last: int) -> None:
        own = LayerArgs.from_buffer_copy(args)
        own.sums = address(sums[part])
        native.run_part("micranet_convolve", own, first, last)

    native.shared_out(units, run)
    return sums.sum(dim=0).float()


def _args(x: Tensor, found: Tensor, **addresses: int) -> LayerArgs:
    return LayerArgs(
        input=address(x),
        output=address(found),
        height=x.shape[2],
        width=x.shape[3],
        inputs=x.shape[1],
        outputs=found.shape[1],
        **addresses,
    )


def _empty(samples: int, channels: int, height: int, width: int) -> Tensor:
    return torch.empty((samples, channels, height, width), memory_format=torch.channels_last)


def _plain(x: Tensor) -> Tensor:
    return x.float().contiguous(memory_format=torch.channels_last)


def _blocks(x: Tensor) -> int:
    """Rows of 4x4 blocks over all samples."""
    return len(x) * -(-x.shape[2] // BLOCK)
