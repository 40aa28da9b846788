"""Starting, cancelling and repeating runs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Role, Structure, User
from annotations.services.access import require_role, required_role, sees_others
from annotations.services.queueing import enqueue
from annotations.services.splits import keep_splits
from annotations.services.structures import refuse_foreign
from annotations.services.work import cancel, end_waiting, restart
from inference.models import ModelStructure, ModelVersion, Run, Segmentation
from inference.models.separated import separation_fields
from inference.objects.choice import Separation
from inference.services.queueing import task_for
from inference.services.readiness import training_readiness

MAX_MEMBERS = 5
_FOREIGN_MODEL = "This model belongs to another data set."


@dataclass(frozen=True)
class TrainOptions:
    """What can be chosen for a training; None leaves it to the size of the data.

    ``members``: models of different seeds that are averaged. ``turned``: whether patches are turned
    and mirrored while it learns, because a structure lies any way.
    """

    name: str = ""
    epochs: int | None = None
    downscale: int | None = None
    method: str = "refined"
    members: int = 1
    turned: bool = True


def start_training(
    *,
    by: User,
    dataset: Dataset,
    structures: Sequence[Structure] | None = None,
    options: TrainOptions,
    start: ModelVersion | None = None,
) -> Run:
    """Queue a training, from scratch or from an earlier model of the data set; rejected with
    everything that is missing before anything starts."""
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    for structure in structures or ():
        refuse_foreign(structure, dataset, field="structures")
    if start is not None and start.dataset_id != dataset.pk:
        raise Rejected(_FOREIGN_MODEL, field="start")
    if not 1 <= options.members <= MAX_MEMBERS:
        raise Rejected(f"One to {MAX_MEMBERS} models can be averaged.", field="members")
    readiness = training_readiness(dataset=dataset, structures=structures)
    if readiness.missing:
        raise Rejected(" ".join(readiness.missing))
    params = {
        **asdict(options),
        "start": start.pk if start is not None else None,
        "structures": [one.id for one in readiness.structures],
    }
    with transaction.atomic():
        keep_splits(readiness.splits)
        return _queue(by, dataset, Run.Kind.TRAIN, params)


def start_segmentation(
    *, by: User, dataset: Dataset, model: ModelVersion, images: Sequence[Image] | None = None
) -> Run:
    """Queue the segmenting of images, by default all that are ready."""
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    chosen = _checked_images(dataset, model, images)
    return _queue(by, dataset, Run.Kind.SEGMENT, {"images": chosen}, model)


def start_export(
    *, by: User, dataset: Dataset, model: ModelVersion, images: Sequence[Image] | None = None
) -> Run:
    """Queue the making of one zip of masks, tables and the model.

    Everybody's answers are in it where the person may see them.
    """
    role = required_role(user=by, project=dataset.project, role=Role.VIEWER)
    chosen = _checked_images(dataset, model, images)
    if not Segmentation.objects.filter(model=model, image__in=chosen).exists():
        raise Rejected(f"{model} has segmented none of these images yet. Segment them first.")
    params = {"images": chosen, "answers": sees_others(role, dataset.project)}
    return _queue(by, dataset, Run.Kind.EXPORT, params, model)


def apply_threshold(*, by: User, segmentation: Segmentation, threshold: float) -> Run:
    """Queue the remaking of mask and objects of one segmentation with another threshold."""
    dataset = segmentation.image.dataset
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    if not 0 <= threshold <= 1:
        raise Rejected("The threshold lies between 0 and 1.", field="threshold")
    params = {"segmentation": segmentation.pk, "threshold": threshold}
    with transaction.atomic():
        # Workers take waiting runs in any order, and what was asked for last is what counts.
        earlier = Run.objects.filter(kind=Run.Kind.THRESHOLD, params__segmentation=segmentation.pk)
        end_waiting(earlier, why="Another threshold was asked for")
        return _queue(by, dataset, Run.Kind.THRESHOLD, params, segmentation.model)


def apply_separation(
    *, by: User, model: ModelVersion, structure: Structure, separation: Separation
) -> Run:
    """Choose how a structure's objects are told apart and how small one may be; queue the recount
    of what was found."""
    require_role(user=by, project=model.dataset.project, role=Role.ANNOTATOR)
    found = Segmentation.objects.filter(model=model, structure=structure)
    if separation.needs_pixel_size:
        _check_pixel_sizes(found)
    with transaction.atomic():
        outputs = ModelStructure.objects.filter(model=model, structure=structure)
        if not outputs.update(**separation_fields(separation)):
            raise Rejected(f"{model} has not learnt this structure.", field="structure")
        earlier = Run.objects.filter(kind=Run.Kind.SEPARATE, uses=model)
        earlier = earlier.filter(params__structure=structure.pk)
        end_waiting(earlier, why="Another way was asked for")
        params = {"structure": structure.pk, **asdict(separation)}
        return _queue(by, model.dataset, Run.Kind.SEPARATE, params, model)


def _check_pixel_sizes(found: QuerySet[Segmentation]) -> None:
    without = Image.objects.without_pixel_size().filter(segmentations__in=found)
    if name := without.values_list("name", flat=True).first():
        raise Rejected(
            f"The pixel size of {name} is not known. Give lengths and areas in px.", field="unit"
        )


def cancel_run(*, by: User, run: Run) -> Run:
    """End a waiting run at once; ask a running one to stop at its next step."""
    require_role(user=by, project=run.dataset.project, role=_role_for(run))
    cancel(run)
    return run


def retry_run(*, by: User, run: Run) -> Run:
    """Start a failed or cancelled run again; a training goes on from its last checkpoint."""
    require_role(user=by, project=run.dataset.project, role=_role_for(run))
    ended = Run.objects.filter(pk=run.pk, state__in=(Run.State.FAILED, Run.State.CANCELLED))
    with transaction.atomic():
        if not restart(ended):
            raise Rejected("Only a run that failed or was cancelled can be started again.")
        transaction.on_commit(lambda: enqueue(task_for(run), run.pk))
    run.refresh_from_db()
    return run


def _role_for(run: Run) -> Role:
    """Whoever may start a run may also stop it."""
    return Role.VIEWER if run.kind == Run.Kind.EXPORT else Role.ANNOTATOR


def _queue(
    by: User,
    dataset: Dataset,
    kind: Run.Kind,
    params: dict[str, Any],
    model: ModelVersion | None = None,
) -> Run:
    with transaction.atomic():
        run = Run.objects.create(
            dataset=dataset, kind=kind, params=params, uses=model, created_by=by
        )
        transaction.on_commit(lambda: enqueue(task_for(run), run.pk))
    return run


def _checked_images(
    dataset: Dataset, model: ModelVersion, images: Sequence[Image] | None
) -> list[int]:
    if model.dataset_id != dataset.pk:
        raise Rejected(_FOREIGN_MODEL, field="model")
    ready = list(dataset.images.ready().values_list("pk", flat=True))
    chosen = ready if images is None else [image.pk for image in images]
    if strangers := set(chosen) - set(ready):
        raise Rejected(f"{len(strangers)} of these images are not ready here.", field="images")
    if not chosen:
        raise Rejected("There are no images yet. Upload some first.", field="images")
    return chosen
