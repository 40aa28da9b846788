"""What workers do, and what they make of it."""

from typing import Any
from uuid import uuid4

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from annotations.imaging.store.maps import write_map
from annotations.models import (
    Dataset,
    Errand,
    Image,
    Structure,
    Work,
)
from inference.models import ModelStructure, ModelVersion, Run, Segmentation
from tests.factories.images import make_dataset
from tests.factories.people import make_structure


def make_run(
    *,
    dataset: Dataset | None = None,
    kind: Run.Kind = Run.Kind.TRAIN,
    state: Run.State = Run.State.QUEUED,
    **fields: Any,
) -> Run:
    """A run in the given state, with the times and reasons which that state demands."""
    dataset = dataset or make_dataset()
    fields = {"created_by": dataset.created_by} | _of_state(state) | fields
    return Run.objects.create(dataset=dataset, kind=kind, state=state, **fields)


def _of_state(state: Work.State) -> dict[str, Any]:
    """What the database demands of work in a state."""
    now = timezone.now()
    if state == Work.State.QUEUED:
        return {}
    if state == Work.State.RUNNING:
        return {"started_at": now, "heartbeat_at": now, "claim": uuid4()}
    reason = {"error": "The disk is full."} if state == Work.State.FAILED else {}
    return {"started_at": now, "finished_at": now} | reason


def make_errand(
    *,
    dataset: Dataset | None = None,
    kind: Errand.Kind = Errand.Kind.EMPTIES,
    state: Errand.State = Errand.State.QUEUED,
    content: bytes | None = None,
    **fields: Any,
) -> Errand:
    """An errand in the given state, with the times and reasons which that state demands.

    With `content`, its file is here.
    """
    dataset = dataset or make_dataset()
    given = {"created_by": dataset.created_by, "params": {"images": []}}
    fields = given | _of_state(state) | fields
    errand = Errand.objects.create(dataset=dataset, kind=kind, state=state, **fields)
    if content is not None:
        errand.path.parent.mkdir(parents=True, exist_ok=True)
        errand.path.write_bytes(content)
    return errand


def make_model(
    *,
    dataset: Dataset | None = None,
    structures: list[Structure] | None = None,
    threshold: float = 0.5,
    history: list[dict[str, Any]] | None = None,
) -> ModelVersion:
    """A model row with the finished training behind it; its weights are not on disk."""
    dataset = dataset or make_dataset()
    number = dataset.model_versions.count() + 1
    model = ModelVersion.objects.create(
        dataset=dataset,
        number=number,
        name=f"Model {number}",
        run=make_run(dataset=dataset, state=Run.State.DONE, progress=1, history=history or []),
    )
    if structures is None:
        structures = [make_structure(project=dataset.project)]
    for position, structure in enumerate(structures):
        ModelStructure.objects.create(
            model=model, structure=structure, position=position, threshold=threshold
        )
    return model


def make_segmentation(
    *,
    image: Image,
    model: ModelVersion,
    structure: Structure,
    object_count: int = 3,
    area_px: int = 600,
    threshold: float = 0.5,
    map_: NDArray[np.uint8] | None = None,
) -> Segmentation:
    """A row of a result; with a map, uint8 (H, W), also the file behind it."""
    own = Segmentation.objects.create(
        image=image,
        model=model,
        structure=structure,
        threshold=threshold,
        patch_size=image.dataset.patch_size,
        overlap=image.dataset.overlap,
        object_count=object_count,
        area_px=area_px,
    )
    if map_ is not None:
        own.folder.mkdir(parents=True)
        write_map(map_, own.map, pixel_size_um=None, name="structure")
    return own
