"""Models with their scores, as lists of them show it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from annotations.models import Dataset, Structure
from inference.models import ModelVersion


@dataclass(frozen=True)
class StructureScore:
    structure: Structure
    # Over the patches kept for validation; None where they hold no answer.
    f1: float | None


@dataclass(frozen=True)
class ModelCard:
    model: ModelVersion
    scores: list[StructureScore]
    segmented: int


def model_cards(dataset: Dataset) -> list[ModelCard]:
    """The models of a data set, newest first."""
    models = dataset.model_versions.select_related("run").prefetch_related("outputs__structure")
    counts = dict(
        dataset.model_versions.order_by()
        .values_list("pk")
        .annotate(Count("segmentations__image", distinct=True))
    )
    return [ModelCard(model, _scores(model), counts[model.pk]) for model in models]


def _scores(model: ModelVersion) -> list[StructureScore]:
    figures = _kept_epoch(model.run.history)
    return [
        StructureScore(output.structure, figures.get(str(output.structure_id)))
        for output in model.outputs.all()
    ]


def _kept_epoch(history: list[dict[str, Any]]) -> dict[str, float | None]:
    """F1 per structure at the epoch whose classifier was kept: the lowest validation loss."""
    epochs = [point for point in history if point.get("stage") == "classify"]
    if not epochs:
        return {}
    kept: dict[str, float | None] = min(epochs, key=lambda point: point["validation_loss"])["f1"]
    return kept
