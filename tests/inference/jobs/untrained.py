"""A network with weights as they were drawn: quick to make, and as good as any for its files."""

import torch

from inference.micranet.config import ModelSpec
from inference.micranet.model import build
from inference.micranet.model_io import save_model
from inference.models import ModelVersion


def write_untrained(model: ModelVersion, *, channels: int = 1) -> None:
    """Give a model row weights of its own, the same for every call."""
    names = tuple(output.structure.name for output in model.outputs.select_related("structure"))
    halves = (0.5,) * len(names)
    spec = ModelSpec(
        method="paper",
        channels=channels,
        structures=names,
        patch_size=model.dataset.patch_size,
        width=4,
        thresholds=halves,
        decisions=halves,
    )
    with torch.random.fork_rng():
        torch.manual_seed(1)
        save_model(build(spec), model.folder)
