"""Scores of the newest model for every patch, kept when a training ends."""

from pathlib import Path

import numpy as np
import pytest

from annotations.imaging.store.read import open_store
from annotations.jobs import claiming
from annotations.jobs.reporter import Reporter
from annotations.models import Dataset, Image, PatchScores
from annotations.services.scores import decoded
from inference.jobs.runner import run as do
from inference.jobs.scoring import offer_scores, score_images
from inference.micranet.errors import Stopped
from inference.micranet.model_io import load_model
from inference.micranet.segment import segment
from inference.models import ModelVersion, Run
from inference.services.runs import TrainOptions, start_training
from tests.factories import make_image
from tests.inference.jobs.labelled import make_labelled

pytestmark = pytest.mark.django_db
SHORT = TrainOptions(epochs=1, method="paper")


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    return make_labelled()[0]


def _train(dataset: Dataset) -> ModelVersion:
    run = start_training(by=dataset.created_by, dataset=dataset, options=SHORT)
    do(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (Run.State.DONE, "")
    return run.model_version


def _reporter(dataset: Dataset) -> Reporter:
    run = start_training(by=dataset.created_by, dataset=dataset, options=SHORT)
    claimed = claiming.claim(Run, run.pk)
    assert claimed is not None
    return Reporter(claimed)


def test_a_training_scores_every_patch_as_segmenting_would(dataset: Dataset) -> None:
    version = _train(dataset)
    model = load_model(version.folder)
    for image in dataset.images.select_related("dataset"):
        row = PatchScores.objects.get(image=image)
        assert row.source == version.name
        oracle = segment(
            model,
            open_store(image.store).read,
            height=image.height,
            width=image.width,
            limits=image.limits,
            patch_size=dataset.patch_size,
            write=lambda *_: None,
        ).patch_scores[0]
        # float16 keeps three digits.
        np.testing.assert_allclose(
            decoded(row.scores, row.rows, row.columns), oracle, atol=1e-3, rtol=1e-3
        )


def test_an_older_model_leaves_the_scores_of_a_newer_one_alone(dataset: Dataset) -> None:
    old = _train(dataset)
    new = _train(dataset)
    image = dataset.images.first()
    assert image is not None
    scores = np.ones((1, image.grid.rows, image.grid.columns), np.float32)
    offer_scores(old, image, list(old.outputs.all()), scores)
    assert PatchScores.objects.get(image=image).source == new.name
    offer_scores(new, image, list(new.outputs.all()), scores)
    row = PatchScores.objects.get(image=image)
    assert (decoded(row.scores, row.rows, row.columns) == 1).all()


def test_images_scored_before_a_kill_are_not_scored_again(dataset: Dataset) -> None:
    version = _train(dataset)
    before = list(PatchScores.objects.order_by("pk").values_list("pk", "updated_at"))
    score_images(version, load_model(version.folder), _reporter(dataset))
    assert list(PatchScores.objects.order_by("pk").values_list("pk", "updated_at")) == before


def test_scoring_can_be_stopped(dataset: Dataset) -> None:
    version = _train(dataset)
    PatchScores.objects.all().delete()
    reporter = _reporter(dataset)
    reporter.cancelled = True
    with pytest.raises(Stopped):
        score_images(version, load_model(version.folder), reporter)


def test_an_image_of_other_channels_goes_without_scores(dataset: Dataset) -> None:
    odd = make_image(dataset=dataset, store=True)
    Image.objects.filter(pk=odd.pk).update(channels=odd.channels * 2)
    _train(dataset)
    scored = set(PatchScores.objects.values_list("image_id", flat=True))
    assert scored == set(dataset.images.exclude(pk=odd.pk).values_list("pk", flat=True))
