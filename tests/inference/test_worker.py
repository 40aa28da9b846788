"""A real Celery worker on a real queue: what it does, and what is left when it is killed."""

import io
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from annotations.imaging.grid import patch_labels
from annotations.models import Dataset, Image, Structure
from annotations.models.label import Answer
from annotations.models.work import HEARTBEAT_LIMIT
from annotations.services.answers.labels import label_patches
from annotations.services.images.images import add_image
from inference.models import ModelVersion, Run
from inference.services.runs import (
    TrainOptions,
    cancel_run,
    start_export,
    start_segmentation,
    start_training,
)
from inference.tasks import recover_runs
from tests.factories import disc, make_dataset, make_structure
from tests.support.pictures import fiji_tiff, png
from tests.support.worker import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SIDE = 96


def _upload(dataset: Dataset, content: bytes, name: str) -> Image:
    return add_image(by=dataset.created_by, dataset=dataset, name=name, content=io.BytesIO(content))


def _picture(brightness: int) -> bytes:
    return fiji_tiff((disc(SIDE, SIDE) + brightness)[None].astype(np.uint16))


def _state(row: Image | Run) -> str:
    row.refresh_from_db()
    return row.state


def _until(worker: Worker, row: Image | Run, *states: str) -> None:
    worker.wait_for(lambda: _state(row) in states, seconds=90, what=f"{row} to be {states}")


def _labelled(worker: Worker) -> Dataset:
    """Two images, uploaded and imported, with an answer to every patch."""
    dataset = make_dataset(patch_size=32)
    structure = make_structure(project=dataset.project, name="Discs")
    for number in range(2):
        image = _upload(dataset, _picture(number), f"{number}.tif")
        _until(worker, image, "ready", "refused")
        _answer(image, structure)
    return dataset


def _answer(image: Image, structure: Structure) -> None:
    present = patch_labels(disc(SIDE, SIDE) > 500, 32)
    for value, where in ((Answer.YES, present), (Answer.NO, ~present)):
        label_patches(
            by=image.dataset.created_by,
            image=image,
            structure=structure,
            cells=[(int(row), int(column)) for row, column in np.argwhere(where)],
            value=value,
        )


def _epochs(run: Run) -> list[Any]:
    run.refresh_from_db()
    return list(run.history)


def _train(dataset: Dataset, epochs: int) -> Run:
    options = TrainOptions(epochs=epochs, method="paper")
    return start_training(by=dataset.created_by, dataset=dataset, options=options)


def test_an_upload_becomes_a_result_and_a_zip(worker: Worker) -> None:
    dataset = _labelled(worker)
    bad = _upload(dataset, png(200, 200)[:5000], "bad.png")
    _until(worker, bad, "refused")
    me = dataset.created_by

    training = _train(dataset, epochs=2)
    _until(worker, training, "done", "failed")
    assert training.error == ""
    model = ModelVersion.objects.get(run=training)

    segmenting = start_segmentation(by=me, dataset=dataset, model=model)
    _until(worker, segmenting, "done", "failed")
    assert segmenting.error == ""
    assert model.segmentations.count() == 2

    export = start_export(by=me, dataset=dataset, model=model)
    _until(worker, export, "done", "failed")
    assert export.error == ""
    assert export.bundle.is_file()

    long = _train(dataset, epochs=2000)
    worker.wait_for(lambda: len(_epochs(long)) >= 1, seconds=90, what="the first epoch")
    cancel_run(by=me, run=long)
    _until(worker, long, "cancelled")


def _time_passes(run: Run) -> None:
    """As after three quarters of a minute in which nobody was heard of."""
    long_ago = timezone.now() - HEARTBEAT_LIMIT - Run.SENT_LIMIT
    old = {"sent_at": long_ago}
    if run.state == Run.State.RUNNING:
        old["heartbeat_at"] = long_ago - timedelta(seconds=1)
    Run.objects.filter(pk=run.pk).update(**old)


def _end(worker: Worker) -> None:
    worker.child.ask_to_end()
    worker.child.end()


def _go_on(worker: Worker, run: Run, before: list[Any]) -> list[Any]:
    """Have another worker take the run up, and return the curve after two more epochs."""
    _time_passes(run)
    recover_runs()
    more = len(before) + 2
    worker.wait_for(lambda: len(_epochs(run)) >= more, seconds=90, what="two more epochs")
    # Not begun anew: what was measured before is there to the last digit.
    assert _epochs(run)[: len(before)] == before
    return _epochs(run)


def test_a_training_survives_its_workers() -> None:
    with Worker.running() as first:
        run = _train(_labelled(first), epochs=60)
        first.wait_for(lambda: len(_epochs(run)) >= 2, seconds=90, what="two epochs")
        _end(first)
    assert _state(run) == Run.State.QUEUED

    with Worker.running() as second:
        curve = _go_on(second, run, _epochs(run))
        second.kill()
    assert _state(run) == Run.State.RUNNING

    with Worker.running() as third:
        _go_on(third, run, curve)
        _until(third, run, "done", "failed")
    assert run.error == ""
    epochs = [point["epoch"] for point in run.history]
    assert epochs == list(range(1, len(epochs) + 1))
    assert ModelVersion.objects.filter(run=run).count() == 1
