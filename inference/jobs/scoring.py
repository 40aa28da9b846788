"""What a new model expects of every patch: people are asked and shown suggestions by it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from django.db.models import QuerySet

from annotations.errors import Rejected
from annotations.jobs.reporter import Reporter
from annotations.models import Image, PatchScores
from annotations.services.scores import keep_scores
from annotations.services.working import WorkingViewRefused, open_working, working_limits
from inference.jobs.channels import check_channels, names_of
from inference.micranet.errors import ModelRefused, Stopped
from inference.micranet.model import Model
from inference.micranet.model_io import load_model
from inference.micranet.segment import score
from inference.models import ModelStructure, ModelVersion, Run

Scores = npt.NDArray[np.float32]


def score_images(version: ModelVersion, model: Model, reporter: Reporter) -> None:
    """Score all images of the model's data set; those done before a kill are not done again.

    An image that does not fit the model (other channels, deleted meanwhile) goes without: scores
    are a help, and segmenting says what is wrong with it.

    Raises:
        Stopped: the run was cancelled, or the worker is to end.
    """
    images = list(version.dataset.images.ready().select_related("dataset"))
    for number, image in enumerate(images):
        reporter.note(1, f"Scoring patches of {image.name} ({number + 1} of {len(images)})")
        _score_if_needed(version, image, model, reporter)


def score_patches(run: Run, reporter: Reporter) -> None:
    """Score the run's images that have no scores of its model yet.

    Raises:
        Rejected: names the images that do not fit the model; the others are scored.
    """
    assert run.uses is not None  # held by a database constraint
    model = load_model(run.uses.folder)
    images = list(_asked(run))
    refused = []
    for number, image in enumerate(images):
        message = f"Scoring patches of {image.name} ({number + 1} of {len(images)})"
        reporter.note(number / len(images), message)
        if not _score_if_needed(run.uses, image, model, reporter):
            refused.append(image.name)
    if refused:
        raise Rejected(f"These images do not fit {run.uses}: {', '.join(refused)}.")


def _asked(run: Run) -> QuerySet[Image]:
    images = Image.objects.filter(dataset=run.dataset, pk__in=run.params["images"])
    return images.ready().select_related("dataset")


def _score_if_needed(version: ModelVersion, image: Image, model: Model, reporter: Reporter) -> bool:
    """Whether the image has scores of the model now."""
    if reporter.should_stop():
        raise Stopped("Scoring was stopped.")
    outputs = list(version.outputs.all())
    return _scored(version, image, outputs) or _score(version, image, model, outputs, reporter)


def offer_scores(
    version: ModelVersion, image: Image, outputs: Sequence[ModelStructure], scores: Scores
) -> None:
    """Keep scores (structures, rows, columns) where no newer model has a say.

    Those of a grid that was changed meanwhile are dropped: the next sweep asks for others.

    Args:
        outputs: of the model, in the order of the scores.
    """
    newer = ModelStructure.objects.filter(
        model__dataset=version.dataset_id, model__number__gt=version.number
    )
    known = set(newer.values_list("structure_id", flat=True))
    chosen = {
        output.structure_id: own
        for output, own in zip(outputs, scores, strict=True)
        if output.structure_id not in known
    }
    grid = {"dataset__patch_size": image.grid.patch_size, "dataset__overlap": image.grid.overlap}
    if Image.objects.filter(pk=image.pk, **grid).exists():
        keep_scores(image=image, scores=chosen, source=version.name)


def _scored(version: ModelVersion, image: Image, outputs: Sequence[ModelStructure]) -> bool:
    structures = [output.structure_id for output in outputs]
    later = PatchScores.objects.filter(image=image, updated_at__gt=version.created_at)
    return later.filter(structure__in=structures).count() == len(structures)


def _score(
    version: ModelVersion,
    image: Image,
    model: Model,
    outputs: Sequence[ModelStructure],
    reporter: Reporter,
) -> bool:
    """Whether it could be done."""
    try:
        check_channels(version, names_of(image))
        scores = score(
            model,
            open_working(image).read,
            height=image.height,
            width=image.width,
            limits=working_limits(image),
            patch_size=image.grid.patch_size,
            overlap=image.grid.overlap,
            should_stop=reporter.should_stop,
        )
    except (ModelRefused, WorkingViewRefused, FileNotFoundError):
        return False
    offer_scores(version, image, outputs, scores)
    return True
