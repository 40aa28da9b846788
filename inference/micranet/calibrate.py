"""Thresholds of a trained model, from yes/no answers only."""

from dataclasses import replace

import numpy as np
import torch

from inference.micranet.classifier import Batches, measuring_indices, predict_logits
from inference.micranet.config import ModelSpec
from inference.micranet.metrics import best_cut
from inference.micranet.model import Model
from inference.micranet.pixelmap import map_window
from inference.micranet.thresholds import otsu

_SAMPLE = 200  # patches whose maps decide a threshold
_BATCH = 32


def calibrated(model: Model, batches: Batches) -> ModelSpec:
    """The model's spec with decisions (patches) and thresholds (pixels) chosen from the answers."""
    spec = replace(model.spec, decisions=_decisions(model, batches))
    if spec.method == "refined":
        return replace(spec, thresholds=(0.5,) * len(spec.structures))
    return replace(spec, thresholds=_paper_thresholds(replace_spec(model, spec), batches))


def replace_spec(model: Model, spec: ModelSpec) -> Model:
    """The same networks with another spec."""
    return replace(model, spec=spec)


def _decisions(model: Model, batches: Batches) -> tuple[float, ...]:
    """Per structure the score with the highest F1 over the validation patches."""
    chosen = measuring_indices(batches.data)
    scores = torch.sigmoid(predict_logits(model.network.eval(), batches, chosen)).cpu().numpy()
    labels = batches.data.labels[chosen]
    answered = ~np.isnan(labels)
    return tuple(
        best_cut(scores[answered[:, s], s], labels[answered[:, s], s] > 0.5)
        for s in range(labels.shape[1])
    )


def _paper_thresholds(model: Model, batches: Batches) -> tuple[float, ...]:
    """Otsu over the fine maps of "yes" patches together: one threshold for all windows and
    images."""
    to_maps = map_window(model)
    thresholds = []
    for s, column in enumerate(batches.data.labels.T):
        chosen = np.flatnonzero((column > 0.5) & ~batches.data.validation)[:_SAMPLE]
        parts = [chosen[k : k + _BATCH] for k in range(0, len(chosen), _BATCH)]
        maps = np.concatenate([to_maps(batches.patches(p))[:, s].cpu().numpy() for p in parts])
        thresholds.append(float(np.clip(otsu(maps), 1 / 255, 1)))
    return tuple(thresholds)
