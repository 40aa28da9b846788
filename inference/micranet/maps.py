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

from inference.micranet.device import channels_last
from inference.micranet.network import LAYERS, STRIDE, Layer, MicraNet

ALL_LAYERS = tuple(range(1, LAYERS + 1))
_POOLED_AFTER = (2, 4, 6)


class LocalMapper:
    """A frozen copy of the classifier with its batch norms folded into the convolutions."""

    def __init__(self, network: MicraNet) -> None:
        layers = [layer for layer in network.layers if isinstance(layer, Layer)]
        self._convs = [_folded(layer) for layer in layers]
        self._weight = network.linear.weight.detach().clone()
        self._bias = network.linear.bias.detach().clone()
        self.device = self._weight.device
        self.structures = int(self._weight.shape[0])

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
            present: bool (B, S); a structure present in no sample costs no backward and gets zero
                maps.

        Returns:
            logits (B, S), and per layer l its map (B, S, H / r, W / r), r = 1, 1, 2, 2, 4, 4, 8, 8:
            at the layer's own resolution, neither normalised nor enlarged.
        """
        if batch.shape[-1] % STRIDE or batch.shape[-2] % STRIDE:
            raise ValueError(f"Sides must be multiples of {STRIDE}, not {tuple(batch.shape[-2:])}.")
        wanted = sorted(layer for layer in layers if layer < LAYERS)
        activations = self._forward(batch, first=wanted[0] if wanted else LAYERS)
        logits = self._logits(activations[LAYERS])
        present = torch.ones_like(logits, dtype=torch.bool) if present is None else present
        maps = _signed_maps(logits, {layer: activations[layer] for layer in wanted}, present)
        if LAYERS in layers:
            maps[LAYERS] = self._coarse(activations[LAYERS].detach()) * present[:, :, None, None]
        return logits.detach(), maps

    @torch.no_grad()
    def logits(self, batch: Tensor) -> Tensor:
        """Logits (B, S) alone: no graph is kept."""
        return self._logits(self._forward(batch, first=LAYERS)[LAYERS])

    def _logits(self, last: Tensor) -> Tensor:
        return nn.functional.linear(last.amax(dim=(2, 3)), self._weight, self._bias)

    def _forward(self, batch: Tensor, *, first: int) -> dict[int, Tensor]:
        """Activations by layer. The graph starts at layer ``first``: nothing below needs a
        gradient."""
        x, found = batch, {}
        for number, conv in enumerate(self._convs, start=1):
            # out of place: the ReLU's output is what the next layer's gradient needs
            x = torch.relu(conv(x))
            if number == first and number < LAYERS and torch.is_grad_enabled():
                x = x.detach().requires_grad_()
            found[number] = x
            if number in _POOLED_AFTER:
                x = nn.functional.max_pool2d(x, 2)
        return found

    def _coarse(self, last: Tensor) -> Tensor:
        """M_8 in closed form: under global max pooling alpha is W / (H W), at whatever position."""
        height, width = last.shape[2:]
        weighted = nn.functional.conv2d(last, self._weight[:, :, None, None])
        return torch.relu(weighted) / (height * width)


def _signed_maps(
    logits: Tensor, activations: dict[int, Tensor], present: Tensor
) -> dict[int, Tensor]:
    sums = {
        layer: a.new_zeros(len(a), logits.shape[1], *a.shape[2:])
        for layer, a in activations.items()
    }
    structures = [int(s) for s in present.any(dim=0).nonzero().flatten()] if activations else []
    for s in structures:
        total = logits[present[:, s], s].sum()
        again = s != structures[-1]
        gradients = torch.autograd.grad(total, list(activations.values()), retain_graph=again)
        for (layer, a), gradient in zip(activations.items(), gradients, strict=True):
            alpha = gradient.mean(dim=(2, 3))
            sums[layer][:, s] = torch.einsum("bk,bkyx->byx", alpha, a.detach())
    return sums


def _folded(layer: Layer) -> nn.Conv2d:
    """Convolution and batch norm as one convolution; the layer itself is left alone."""
    was_training = layer.training
    layer.eval()
    conv = fuse_conv_bn_eval(layer.conv, layer.norm)
    layer.train(was_training)
    conv.requires_grad_(False)
    return channels_last(conv)


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
