"""What turns a window into maps in 0..1: the paper's procedure, or the refiner."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from inference.micranet.combine import combine
from inference.micranet.config import ModelSpec
from inference.micranet.maps import LocalMapper, enlarge, grown
from inference.micranet.model import Model
from inference.micranet.network import LAYERS, STRIDE
from inference.micranet.unet import MULTIPLE

MapWindow = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """How a method wants to see an image; sizes in working pixels."""

    size: int
    overlap: int
    multiple: int
    batch: int


def plan_windows(model: Model) -> WindowPlan:
    """The paper's maps are made in windows as large as a labelled patch, half overlapping; the
    refiner's in larger ones."""
    patch = model.spec.patch_size // model.spec.downscale
    if model.refiner is None:
        size = -(-patch // 16) * 16
        return WindowPlan(size=size, overlap=size // 2, multiple=8, batch=16)
    return WindowPlan(size=256, overlap=48, multiple=MULTIPLE * 2, batch=4)


def map_window(model: Model) -> MapWindow:
    """The function from a batch (B, C, H, W) to maps (B, S, H, W) in 0..1."""
    if model.refiner is None:
        return PaperMaps(model)
    return RefinedMaps(model.refiner)


class PaperMaps:
    """Fine maps of the paper; a structure that a window's score denies has a map of zeros there."""

    def __init__(self, model: Model) -> None:
        self._spec = model.spec
        self._mapper = LocalMapper(model.network)
        self._decisions = torch.tensor(model.spec.decisions, device=model.device)

    def __call__(self, batch: Tensor) -> Tensor:
        present = torch.sigmoid(self._mapper.logits(batch)) >= self._decisions
        if not present.any():
            return batch.new_zeros(len(batch), self._mapper.structures, *batch.shape[-2:])
        return fine_maps(self._mapper, batch, self._spec, present) * present[:, :, None, None]


def fine_maps(mapper: LocalMapper, batch: Tensor, spec: ModelSpec, present: Tensor) -> Tensor:
    """The paper's fine maps (B, S, H, W) in 0..1 of a batch (B, C, H, W), with the model's combiner
    and layers."""
    height, width = batch.shape[-2:]
    batch = grown(batch, STRIDE)
    _, local = mapper(batch, layers=(*spec.layers, LAYERS), present=present)
    sides = batch.shape[-2], batch.shape[-1]
    coarse = enlarge({LAYERS: local[LAYERS]}, *sides)[:, :, 0, :height, :width]
    chosen = enlarge({layer: local[layer] for layer in spec.layers}, *sides)
    return combine(chosen[..., :height, :width], coarse, spec.combiner)


class RefinedMaps:
    """The refiner's probabilities, mean of the window and its mirror images."""

    def __init__(self, refiner: nn.Module) -> None:
        self._refiner = refiner.eval()

    @torch.no_grad()
    def __call__(self, batch: Tensor) -> Tensor:
        plain = torch.sigmoid(self._refiner(batch))
        mirrored = torch.sigmoid(self._refiner(batch.flip(-1))).flip(-1)
        return (plain + mirrored) / 2
