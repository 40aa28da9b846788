"""What turns a window into maps in 0..1: the paper's procedure, or the refiner."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from inference.micranet.combine import combine
from inference.micranet.config import ModelSpec
from inference.micranet.device import Precision, pick_dtype, pick_map_dtype
from inference.micranet.fine import fine_map
from inference.micranet.maps import LocalMapper, enlarge, grown
from inference.micranet.model import Model
from inference.micranet.network import LAYERS, STRIDE
from inference.micranet.scoring import mean_score
from inference.micranet.unet import LEVELS, MULTIPLE

MapWindow = Callable[[Tensor], Tensor]
# Pixels that the refiner sees to each side: two 3x3 convolutions on every level on the way down and
# up, and what pooling grids add.
_REACH = 2 * (2 * sum(2**level for level in range(LEVELS - 1)) + MULTIPLE) + MULTIPLE


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """How a method wants to see an image; sizes in working pixels. ``margin``: how far a window's
    end reaches into its map."""

    size: int
    overlap: int
    multiple: int
    batch: int
    margin: int = 0


def plan_windows(model: Model) -> WindowPlan:
    """The paper's maps are made in windows as large as a labelled patch, half overlapping; the
    refiner's in larger ones."""
    patch = model.spec.patch_size // model.spec.downscale
    if model.refiner is None:
        size = -(-patch // 16) * 16
        return WindowPlan(size=size, overlap=size // 2, multiple=8, batch=16)
    batch = 1 if model.device.type == "cpu" else 8
    multiple = MULTIPLE * 2
    return WindowPlan(512, 2 * _REACH + multiple, multiple, batch, margin=_REACH)


def map_window(model: Model, precision: Precision = "auto") -> MapWindow:
    """The function from a batch (B, C, H, W) to maps (B, S, H, W) in 0..1."""
    if model.refiner is None:
        return PaperMaps(model, pick_map_dtype(model.device, precision))
    dtype = pick_dtype(model.device, precision)
    refiners = [member.refiner for member in model.members if member.refiner is not None]
    refined = [RefinedMaps(refiner, dtype, mirrored=model.spec.mirrored) for refiner in refiners]
    return lambda batch: _mean([maps(batch) for maps in refined])


class PaperMaps:
    """Fine maps of the paper, mean over the members; a structure that a window's score, mean over
    the members, denies has a map of zeros there."""

    def __init__(self, model: Model, dtype: torch.dtype = torch.float32) -> None:
        self._spec = model.spec
        self._mappers = [LocalMapper(member.network, dtype=dtype) for member in model.members]
        self._decisions = torch.tensor(model.spec.decisions, device=model.device)

    def __call__(self, batch: Tensor) -> Tensor:
        score = mean_score(mapper.logits(batch) for mapper in self._mappers)
        present = score >= self._decisions
        if not present.any():
            return batch.new_zeros(*present.shape, *batch.shape[-2:])
        maps = [fine_maps(mapper, batch, self._spec, present) for mapper in self._mappers]
        return _mean(maps) * present[:, :, None, None]


def _mean(maps: list[Tensor]) -> Tensor:
    """Mean of the members' maps, before anything is cut."""
    return maps[0] if len(maps) == 1 else torch.stack(maps).mean(dim=0)


def fine_maps(mapper: LocalMapper, batch: Tensor, spec: ModelSpec, present: Tensor) -> Tensor:
    """The paper's fine maps (B, S, H, W) in 0..1 of a batch (B, C, H, W), with the model's combiner
    and layers."""
    height, width = batch.shape[-2:]
    larger = grown(batch, STRIDE)
    _, local = mapper(larger, layers=(*spec.layers, LAYERS), present=present)
    chosen = {layer: local[layer] for layer in spec.layers}
    if spec.combiner in {"pca", "sum"} and larger.shape == batch.shape:
        fine = fine_map(chosen, local[LAYERS], spec.combiner)
        # without L1 and L2 the finest map is smaller than the window
        return interpolate(fine, size=(height, width))
    sides = larger.shape[-2], larger.shape[-1]
    coarse = enlarge({LAYERS: local[LAYERS]}, *sides)[:, :, 0, :height, :width]
    return combine(enlarge(chosen, *sides)[..., :height, :width], coarse, spec.combiner)


class RefinedMaps:
    """The refiner's probabilities, or their mean over the window and its mirror image."""

    def __init__(
        self, refiner: nn.Module, dtype: torch.dtype = torch.float32, *, mirrored: bool = True
    ) -> None:
        self._refiner = refiner.eval()
        self._dtype = dtype
        self._mirrored = mirrored

    @torch.no_grad()
    def __call__(self, batch: Tensor) -> Tensor:
        plain = self._probabilities(batch)
        if not self._mirrored:
            return plain
        mirrored = self._probabilities(batch.flip(-1)).flip(-1)
        return (plain + mirrored) / 2

    def _probabilities(self, batch: Tensor) -> Tensor:
        lower = self._dtype == torch.bfloat16
        with torch.autocast(batch.device.type, dtype=torch.bfloat16, enabled=lower):
            logits = self._refiner(batch)
        return torch.sigmoid(logits.float())
