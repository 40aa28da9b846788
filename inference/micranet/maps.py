"""Local maps L1 to L8 of a trained classifier: one batched forward, one backward per structure.

For structure c and layer l with activations A (after batch norm and ReLU):

    alpha[k] = mean over y, x of d logit_c / d A[k, y, x]        M_l = sum over k of alpha[k] A[k]

M_8 passes through a ReLU (the coarse map); M_1 to M_7 keep their sign. In evaluation mode samples
do not interact, so the gradient of the batch-summed logit holds every sample's own gradient.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from inference.micranet.alphas import POOLED_AFTER, Alphas, Pairs, Passed, coarse
from inference.micranet.engine import Engine, TorchEngine
from inference.micranet.network import LAYERS, STRIDE, Layer, MicraNet
from inference.micranet.winograd import WinogradEngine, fits

ALL_LAYERS = tuple(range(1, LAYERS + 1))
_PIXELS_AT_ONCE = 8 * 256 * 256  # bounds memory: about 34 MB of activations for each 256 x 256


class LocalMapper:
    """A frozen copy of the classifier with its batch norms folded into the convolutions.

    Args:
        dtype: of the activations; by default that of the network. In bfloat16, which makes
            many maxima equal, single maps differ from those of float32 by up to a third of their
            largest value, and the masks of trained models in less than 2 % of their pixels.
        native: whether the kernels in C may be used where they fit.
    """

    def __init__(
        self, network: MicraNet, *, dtype: torch.dtype | None = None, native: bool = True
    ) -> None:
        convs = [_folded(layer) for layer in network.layers if isinstance(layer, Layer)]
        self._weight = network.linear.weight.detach().clone()
        self._bias = network.linear.bias.detach().clone()
        second = convs[1].weight.detach().clone()
        usable = native and dtype in {None, torch.float32} and fits(convs)
        self._engine: Engine = WinogradEngine(convs) if usable else TorchEngine(convs, dtype)
        self.engine = "kernels" if usable else "torch"
        self.dtype = dtype or self._weight.dtype
        self._alphas = Alphas(self._engine, second, self._weight)
        self.device = self._weight.device
        self.structures = int(self._weight.shape[0])

    @torch.no_grad()
    def __call__(
        self,
        batch: Tensor,
        *,
        layers: Sequence[int] = ALL_LAYERS,
        present: Tensor | None = None,
    ) -> tuple[Tensor, dict[int, Tensor]]:
        """Logits and raw local maps.

        Args:
            batch: float (B, C, H, W), H and W multiples of 8.
            layers: which of 1..8 are wanted.
            present: bool (B, S); a structure that a sample lacks costs nothing and gets zero maps.

        Returns:
            logits (B, S), and per layer l its map (B, S, H / r, W / r), r = 1, 1, 2, 2, 4, 4, 8, 8:
            at the layer's own resolution, neither normalised nor enlarged.
        """
        _check_sides(batch)
        if present is None:
            present = torch.ones(len(batch), self.structures, dtype=torch.bool, device=batch.device)
        parts = [
            self._part(some, layers, some_present)
            for some, some_present in zip(_parts(batch), _parts(batch, present), strict=True)
        ]
        logits = torch.cat([part[0] for part in parts])
        return logits, {layer: torch.cat([part[1][layer] for part in parts]) for layer in layers}

    @torch.no_grad()
    def logits(self, batch: Tensor) -> Tensor:
        """Logits (B, S) alone."""
        _check_sides(batch)
        return torch.cat([self._logits(self._forward(some)) for some in _parts(batch)])

    def _part(
        self, batch: Tensor, layers: Sequence[int], present: Tensor
    ) -> tuple[Tensor, dict[int, Tensor]]:
        passed = self._forward(batch)
        wanted = [layer for layer in layers if layer < LAYERS]
        maps = self._signed(passed, wanted, present)
        if LAYERS in layers:
            last = passed.active[LAYERS].to(self._weight.dtype)
            maps[LAYERS] = coarse(last, self._weight) * present[:, :, None, None]
        return self._logits(passed), maps

    def _signed(self, passed: Passed, wanted: list[int], present: Tensor) -> dict[int, Tensor]:
        pairs = Pairs(*present.nonzero().unbind(1))
        if not wanted or not len(pairs.owner):
            return {layer: _zeros(passed.active[layer], self.structures) for layer in wanted}
        alphas = self._alphas(passed, pairs, lowest=min(wanted))
        maps = {}
        for layer in wanted:
            alpha = alphas[layer]
            weights = alpha.new_zeros(*present.shape, alpha.shape[1])
            weights[pairs.owner, pairs.structure] = alpha
            maps[layer] = self._engine.project(passed.active[layer], weights)
        return maps

    def _forward(self, x: Tensor) -> Passed:
        active, pooled, chosen = {}, {}, {}
        for layer in ALL_LAYERS:
            run = self._engine.forward(layer, x, pool=layer in POOLED_AFTER)
            active[layer], x = run.active, run.onward
            if run.chosen is not None:
                pooled[layer], chosen[layer] = run.onward, run.chosen
        return Passed(active, pooled, chosen, active[LAYERS].amax(dim=(2, 3)))

    def _logits(self, passed: Passed) -> Tensor:
        return nn.functional.linear(passed.top.to(self._weight.dtype), self._weight, self._bias)


def _check_sides(batch: Tensor) -> None:
    if batch.shape[-1] % STRIDE or batch.shape[-2] % STRIDE:
        raise ValueError(f"Sides must be multiples of {STRIDE}, not {tuple(batch.shape[-2:])}.")


def _parts(batch: Tensor, values: Tensor | None = None) -> tuple[Tensor, ...]:
    """``values``, by default the batch itself, in parts of bounded size."""
    count = max(1, _PIXELS_AT_ONCE // (batch.shape[-1] * batch.shape[-2]))
    return torch.split(batch if values is None else values, count)


def _zeros(activation: Tensor, structures: int) -> Tensor:
    dtype = torch.float32 if activation.dtype == torch.bfloat16 else activation.dtype
    shape = len(activation), structures, *activation.shape[2:]
    return torch.zeros(shape, dtype=dtype, device=activation.device)


def _folded(layer: Layer) -> nn.Conv2d:
    """Convolution and batch norm as one convolution; the layer itself is left alone."""
    was_training = layer.training
    layer.eval()
    conv = fuse_conv_bn_eval(layer.conv, layer.norm)
    layer.train(was_training)
    return conv.requires_grad_(False)


def grown(batch: Tensor, multiple: int) -> Tensor:
    """Grow (B, C, H, W) at the bottom and right by reflection until both sides are multiples."""
    height, width = batch.shape[-2:]
    pads = (0, -width % multiple, 0, -height % multiple)
    return nn.functional.pad(batch, pads, mode="reflect") if any(pads) else batch


def enlarge(maps: dict[int, Tensor], height: int, width: int) -> Tensor:
    """Stack maps, layers in ascending order, each enlarged by nearest neighbour: (B, S, L, H,
    W)."""
    same = [nn.functional.interpolate(maps[layer], size=(height, width)) for layer in sorted(maps)]
    return torch.stack(same, dim=2)
