"""Thresholds of a trained model, from yes/no answers only."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from inference.micranet.classifier import Batches, measuring_indices, predict_logits
from inference.micranet.config import ModelSpec, TrainConfig
from inference.micranet.metrics import careful_cut
from inference.micranet.model import Model
from inference.micranet.pixelmap import map_window
from inference.micranet.scoring import mean_score
from inference.micranet.thresholds import otsu, percentile, triangle

_SAMPLE = 200  # patches whose maps decide a threshold
_BATCH = 32


def calibrated(model: Model, batches: Batches, config: TrainConfig | None = None) -> ModelSpec:
    """The model's spec with decisions (patches) and thresholds (pixels) chosen from the answers.

    ``config`` names the threshold's rule for the paper's maps; Otsu by default.
    """
    spec = replace(model.spec, decisions=_decisions(model, batches))
    if spec.method == "refined":
        return replace(spec, thresholds=(0.5,) * len(spec.structures))
    judged = replace(model, spec=spec)
    thresholds = _paper_thresholds(judged, batches, config or TrainConfig(method="paper"))
    return replace(spec, thresholds=thresholds)


def _decisions(model: Model, batches: Batches) -> tuple[float, ...]:
    """Per structure the score with the highest F1 over the validation patches, if they are many."""
    chosen = measuring_indices(batches.data)
    logits = [predict_logits(one.network.eval(), batches, chosen) for one in model.members]
    scores = mean_score(logits).cpu().numpy()
    labels = batches.data.labels[chosen]
    answered = ~np.isnan(labels)
    return tuple(
        careful_cut(scores[answered[:, s], s], labels[answered[:, s], s] > 0.5)
        for s in range(labels.shape[1])
    )


def _paper_thresholds(model: Model, batches: Batches, config: TrainConfig) -> tuple[float, ...]:
    """The rule over the fine maps of "yes" patches together: one threshold for all windows and
    images."""
    if config.threshold_rule == "fixed":
        found = [config.rule_value] * len(model.spec.structures)
    else:
        found = [_cut(maps, config) for maps in _maps_of_yes(model, batches)]
    return tuple(float(np.clip(value, 1 / 255, 1)) for value in found)


def _maps_of_yes(model: Model, batches: Batches) -> Iterator[npt.NDArray[np.float32]]:
    """Per structure the maps (n, P, P) of the first "yes" patches for training."""
    to_maps = map_window(model)
    for s, column in enumerate(batches.data.labels.T):
        chosen = np.flatnonzero((column > 0.5) & ~batches.data.validation)[:_SAMPLE]
        parts = [chosen[k : k + _BATCH] for k in range(0, len(chosen), _BATCH)]
        yield np.concatenate([to_maps(batches.patches(p))[:, s].cpu().numpy() for p in parts])


def _cut(maps: npt.NDArray[np.float32], config: TrainConfig) -> float:
    if config.threshold_rule == "percentile":
        return percentile(maps, config.rule_value)
    return triangle(maps) if config.threshold_rule == "triangle" else otsu(maps)
