"""Which images the newest model has not looked at yet, and asking a worker to let it."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from annotations.models import Dataset, Image, PatchScores
from inference.models import ModelStructure, ModelVersion, Run


def new_scorings() -> list[int]:
    """Make a run for each model that is the newest for a structure and lacks images: those that
    were imported after it, and all of them after a change of the grid. Returns what to send.

    An image is asked for once for each model and grid. One that does not fit the model, or whose
    run somebody cancelled, is not asked for again.
    """
    return [run.pk for version in _newest() if (run := _run(version))]


def _newest() -> QuerySet[ModelVersion]:
    """Models that are the last to have learnt some structure, and were not cut short."""
    later = ModelStructure.objects.filter(
        structure=OuterRef("structure"),
        model__dataset=OuterRef("model__dataset"),
        model__number__gt=OuterRef("model__number"),
    )
    last = ModelStructure.objects.filter(~Exists(later)).values("model")
    ended = (Run.State.DONE, Run.State.FAILED)
    return ModelVersion.objects.filter(pk__in=last, run__state__in=ended).select_related(
        "run", "dataset"
    )


def _run(version: ModelVersion) -> Run | None:
    # A look without a lock first: nearly always there is nothing to do.
    if _is_busy(version) or not _missing(version):
        return None
    with transaction.atomic():
        dataset = version.dataset = Dataset.objects.select_for_update().get(pk=version.dataset_id)
        # Another sweep may have been here since.
        missing = [] if _is_busy(version) else _missing(version)
        return _made(version, dataset, missing) if missing else None


def _is_busy(version: ModelVersion) -> bool:
    """Whether images are still coming, or a run is on its way that scores what there is."""
    dataset = version.dataset_id
    coming = Image.objects.filter(dataset=dataset, state=Image.State.IMPORTING)
    kinds = (Run.Kind.TRAIN, Run.Kind.SCORE)
    active = Run.objects.active().filter(dataset=dataset, kind__in=kinds)
    return coming.exists() or active.exists()


def _missing(version: ModelVersion) -> list[int]:
    """Keys of the images without the model's scores that no run was asked for before."""
    found = set(_unscored(version))
    return sorted(found.difference(*_asked(version))) if found else []


def _unscored(version: ModelVersion) -> Iterator[int]:
    for output in version.outputs.all():
        known = PatchScores.objects.filter(
            image=OuterRef("pk"),
            structure=output.structure_id,
            updated_at__gt=version.created_at,
        )
        images = Image.objects.filter(~Exists(known), dataset=version.dataset_id)
        yield from images.ready().values_list("pk", flat=True)


def _asked(version: ModelVersion) -> Iterator[list[int]]:
    grid = version.dataset.patch_size, version.dataset.overlap
    runs = Run.objects.filter(kind=Run.Kind.SCORE, uses=version)
    for params in runs.values_list("params", flat=True):
        if (params["patch_size"], params["overlap"]) == grid:
            yield params["images"]


def _made(version: ModelVersion, dataset: Dataset, images: list[int]) -> Run:
    """In the name of whoever trained the model."""
    params: dict[str, Any] = {
        "images": images,
        "patch_size": dataset.patch_size,
        "overlap": dataset.overlap,
    }
    return Run.objects.create(
        dataset=dataset,
        kind=Run.Kind.SCORE,
        params=params,
        uses=version,
        created_by_id=version.run.created_by_id,
    )
