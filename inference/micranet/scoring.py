"""How likely a patch shows each structure: the mean over a model's members."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from inference.micranet.device import Precision, pick_map_dtype
from inference.micranet.maps import LocalMapper
from inference.micranet.model import Model


def score_window(model: Model, precision: Precision = "auto") -> Callable[[Tensor], Tensor]:
    """The function from a batch (B, C, H, W), sides multiples of 8, to scores (B, S) in 0..1."""
    dtype = pick_map_dtype(model.device, precision)
    mappers = [LocalMapper(member.network, dtype=dtype) for member in model.members]
    return lambda batch: mean_score(mapper.logits(batch) for mapper in mappers)


def mean_score(logits: Iterable[Tensor]) -> Tensor:
    """Mean of the members' sigmoids: several (B, S) to one (B, S)."""
    return torch.stack([torch.sigmoid(each) for each in logits]).mean(dim=0)
