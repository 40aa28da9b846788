"""What a new model expects of every patch: people are asked and shown suggestions by it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from annotations.models import Image, PatchScores
from annotations.services.scores import keep_scores
from annotations.services.working import WorkingViewRefused, open_working, working_limits
from inference.jobs.channels import check_channels, names_of
from inference.jobs.reporter import Reporter
from inference.micranet.errors import ModelRefused
from inference.micranet.model import Model
from inference.micranet.segment import score
from inference.models import ModelStructure, ModelVersion

Scores = npt.NDArray[np.float32]


def score_images(version: ModelVersion, model: Model, reporter: Reporter) -> None:
    """Score all images of the model's data set; those done before a kill are not done again.

    An image that does not fit the model (other channels, deleted meanwhile) goes without: scores
    are a help, and segmenting says what is wrong with it.

    Raises:
        Stopped: the run was cancelled, or the worker is to end.
    """
    outputs = list(version.outputs.all())
    images = list(version.dataset.images.ready().select_related("dataset"))
    for number, image in enumerate(images):
        reporter.progress(1, f"Scoring patches of {image.name} ({number + 1} of {len(images)})")
        if not _scored(version, image, len(outputs)):
            _score(version, image, model, outputs, reporter)


def offer_scores(
    version: ModelVersion, image: Image, outputs: Sequence[ModelStructure], scores: Scores
) -> None:
    """Keep scores (structures, rows, columns) where no newer model has a say.

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
    if Image.objects.filter(pk=image.pk).exists():
        keep_scores(image=image, scores=chosen, source=version.name)


def _scored(version: ModelVersion, image: Image, structures: int) -> bool:
    later = PatchScores.objects.filter(image=image, updated_at__gt=version.created_at)
    return later.count() >= structures


def _score(
    version: ModelVersion,
    image: Image,
    model: Model,
    outputs: Sequence[ModelStructure],
    reporter: Reporter,
) -> None:
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
        return
    offer_scores(version, image, outputs, scores)
