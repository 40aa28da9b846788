"""Models with their scores, as lists of them show it."""

from collections import defaultdict
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
    figures = _kept(model.run.history)
    return [
        StructureScore(output.structure, figures.get(str(output.structure_id)))
        for output in model.outputs.all()
    ]


def _kept(history: list[dict[str, Any]]) -> dict[str, float | None]:
    """F1 per structure of the classifier that was kept; of an ensemble, the mean of its members."""
    members: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for point in history:
        if point.get("stage") == "classify":
            members[point.get("member", 1)].append(point)
    kept = [_last_kept(points)["f1"] for points in members.values()]
    return {pk: _mean([f1.get(pk) for f1 in kept]) for pk in (kept[0] if kept else ())}


def _last_kept(points: list[dict[str, Any]]) -> dict[str, Any]:
    """The epoch whose weights were kept; older trainings tell none and kept the lowest loss."""
    told = [point for point in points if point.get("kept")]
    return told[-1] if told else min(points, key=lambda point: point["validation_loss"])


def _mean(figures: list[float | None]) -> float | None:
    measured = [figure for figure in figures if figure is not None]
    return sum(measured) / len(measured) if measured else None
