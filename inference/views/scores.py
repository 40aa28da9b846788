"""Models with their scores, as lists of them show it."""

from dataclasses import dataclass

from django.db.models import Count

from annotations.models import Dataset, Structure
from inference.models import ModelVersion


@dataclass(frozen=True)
class StructureScore:
    structure: Structure
    # Over patches of images kept from training; None where they hold no answer.
    f1: float | None


@dataclass(frozen=True)
class ModelCard:
    model: ModelVersion
    scores: list[StructureScore]
    segmented: int


def model_cards(dataset: Dataset) -> list[ModelCard]:
    """The models of a data set, newest first."""
    models = dataset.model_versions.prefetch_related("outputs__structure")
    counts = dict(
        dataset.model_versions.order_by()
        .values_list("pk")
        .annotate(Count("segmentations__image", distinct=True))
    )
    return [ModelCard(model, _scores(model), counts[model.pk]) for model in models]


def _scores(model: ModelVersion) -> list[StructureScore]:
    figures = model.scores.get("validation_f1") or []
    return [
        StructureScore(
            output.structure,
            figures[output.position] if output.position < len(figures) else None,
        )
        for output in model.outputs.all()
    ]
