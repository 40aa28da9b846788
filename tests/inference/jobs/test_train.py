"""Training a model in a worker."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from django.db import connection

from annotations import stopping
from annotations.jobs import claiming
from annotations.models import Dataset, Image, Label
from annotations.models.label import Answer
from annotations.services.datasets import delete_dataset
from inference.jobs.runner import run as do
from inference.jobs.train import working_downscale
from inference.micranet.model_io import load_model
from inference.models import ModelVersion, Run
from inference.services.runs import TrainOptions, cancel_run, retry_run, start_training
from tests.factories import make_image, make_label, make_structure
from tests.inference.jobs.labelled import answer, make_labelled

pytestmark = pytest.mark.django_db
SHORT = TrainOptions(epochs=2, method="paper")
LONG = TrainOptions(epochs=500, method="paper")


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    return make_labelled()[0]


def _start(dataset: Dataset, options: TrainOptions = SHORT) -> Run:
    return start_training(by=dataset.created_by, dataset=dataset, options=options)


def _done(run: Run) -> Run:
    do(run.pk)
    run.refresh_from_db()
    return run


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_training_makes_a_model(dataset: Dataset) -> None:
    run = _done(_start(dataset))
    assert (run.state, run.error, run.progress) == (Run.State.DONE, "", 1)
    model = ModelVersion.objects.get()
    assert (model.run, model.number, model.name) == (run, 1, "Model 1")
    output = model.outputs.get()
    assert (output.structure.name, output.position) == ("Discs", 0)
    spec = load_model(model.folder).spec
    assert (spec.structures, spec.patch_size, spec.channels) == (("Discs",), 32, 1)
    assert output.threshold == spec.thresholds[0]
    assert output.decision == spec.decisions[0]


def test_the_curve_has_a_point_for_each_epoch(dataset: Dataset) -> None:
    run = _done(_start(dataset))
    structure = str(dataset.project.structures.get().pk)
    assert [(point["stage"], point["epoch"]) for point in run.history] == [
        ("classify", 1),
        ("classify", 2),
    ]
    for point in run.history:
        assert point["train_loss"] > 0
        assert point["validation_loss"] > 0
        assert 0 <= point["f1"][structure] <= 1


def test_models_are_numbered_and_named(dataset: Dataset) -> None:
    _done(_start(dataset))
    _done(_start(dataset, TrainOptions(name="Second try", epochs=1, method="paper")))
    assert list(ModelVersion.objects.order_by("number").values_list("number", "name")) == [
        (1, "Model 1"),
        (2, "Second try"),
    ]


def test_a_training_goes_on_from_an_earlier_model_of_renamed_structures(dataset: Dataset) -> None:
    _done(_start(dataset, TrainOptions(epochs=2, downscale=2, method="paper")))
    first = ModelVersion.objects.get()
    dataset.project.structures.update(name="Renamed")
    run = start_training(by=dataset.created_by, dataset=dataset, options=SHORT, start=first)
    assert (_done(run).state, run.error) == (Run.State.DONE, "")
    earlier, later = load_model(first.folder), load_model(run.model_version.folder)
    assert (later.spec.structures, later.spec.downscale) == (("Renamed",), 2)
    for before, after in zip(earlier.network.layers[:6], later.network.layers[:6], strict=True):
        kept = after.state_dict()
        assert all(torch.equal(tensor, kept[name]) for name, tensor in before.state_dict().items())
    # Its output was known by its row, not by its name: two epochs at a low rate hardly move it.
    moved = (later.network.linear.weight - earlier.network.linear.weight).abs().max()
    assert 0 < moved < 0.02


def test_a_model_to_start_from_that_is_gone_fails_the_training_with_a_sentence(
    dataset: Dataset,
) -> None:
    _done(_start(dataset))
    first = ModelVersion.objects.get()
    run = start_training(by=dataset.created_by, dataset=dataset, options=SHORT, start=first)
    first.delete()
    assert _done(run).state == Run.State.FAILED
    assert "has been deleted. Train again without it" in run.error


def test_several_models_are_trained_and_kept_as_one(dataset: Dataset) -> None:
    run = _done(_start(dataset, replace(SHORT, members=2)))
    assert (run.state, run.error) == (Run.State.DONE, "")
    assert [(point["member"], point["epoch"]) for point in run.history] == [
        (1, 1), (1, 2), (2, 3), (2, 4),
    ]  # fmt: skip
    assert len(load_model(ModelVersion.objects.get().folder).members) == 2
    assert not (run.folder / "checkpoint").exists()


def test_a_training_that_was_queued_before_there_were_such_choices_runs(dataset: Dataset) -> None:
    run = _start(dataset)
    for name in ("start", "members"):
        del run.params[name]
    run.save()
    assert _done(run).state == Run.State.DONE


def test_a_finished_training_leaves_no_checkpoint(dataset: Dataset) -> None:
    run = _done(_start(dataset))
    assert not (run.folder / "checkpoint").exists()


def test_a_training_that_is_delivered_twice_makes_one_model(dataset: Dataset) -> None:
    run = _done(_start(dataset))
    do(run.pk)
    # As if the worker had died between the model and the end of the run.
    Run.objects.filter(pk=run.pk).update(state=Run.State.QUEUED, finished_at=None)
    assert _done(run).state == Run.State.DONE
    assert ModelVersion.objects.count() == 1


def test_an_answer_that_validation_lacks_is_no_number_and_no_failure(dataset: Dataset) -> None:
    """A second structure is answered about on the training image alone."""
    second = make_structure(project=dataset.project, name="Corners")
    first = _start(dataset)
    cancel_run(by=dataset.created_by, run=first)
    image = dataset.images.get(split=Image.Split.TRAIN)
    for column, value in enumerate((Answer.YES, Answer.NO)):
        make_label(
            image=image, structure=second, annotator=dataset.created_by, column=column, value=value
        )
    run = _done(_start(dataset))
    assert (run.state, run.error) == (Run.State.DONE, "")
    assert [point["f1"][str(second.pk)] for point in run.history] == [None, None]


def test_validation_without_any_answer_of_a_structure_still_gives_a_model(
    dataset: Dataset,
) -> None:
    run = _start(dataset)
    Label.objects.filter(image__split=Image.Split.VALIDATION).delete()
    assert (_done(run).state, run.error) == (Run.State.DONE, "")


def test_answers_that_are_taken_back_before_it_starts_fail_it_with_a_sentence(
    dataset: Dataset,
) -> None:
    run = _start(dataset)
    Label.objects.all().delete()
    assert _done(run).state == Run.State.FAILED
    assert run.error == "The answers have been taken back. Label patches and train again."
    assert not ModelVersion.objects.exists()


def test_a_failed_training_is_started_again_after_the_cause_is_gone(dataset: Dataset) -> None:
    run = _start(dataset)
    Label.objects.all().delete()
    _done(run)
    for image in dataset.images.all():
        answer(image, dataset.project.structures.get())
    retry_run(by=dataset.created_by, run=run)
    assert _done(run).state == Run.State.DONE


def test_images_added_since_do_not_change_what_was_decided(dataset: Dataset) -> None:
    run = _start(dataset)
    new = make_image(dataset=dataset, height=96, width=96, store=True)
    answer(new, dataset.project.structures.get())
    assert _done(run).state == Run.State.DONE
    new.refresh_from_db()
    assert new.split == ""


@pytest.mark.parametrize(
    ("patch_size", "factor"), [(16, 1), (63, 1), (64, 2), (128, 2), (255, 2), (256, 4), (1024, 4)]
)
def test_large_patches_are_shrunk_for_the_network(patch_size: int, factor: int) -> None:
    assert working_downscale(patch_size) == factor


def test_a_worker_that_is_to_end_gives_its_training_back(dataset: Dataset) -> None:
    run = _start(dataset, LONG)
    stopping.shutdown.set()
    assert _done(run).state == Run.State.QUEUED
    assert not ModelVersion.objects.exists()


def _beside(job: Callable[[], None]) -> threading.Thread:
    """Do a job in a thread with a database connection of its own, as a worker does."""

    def work() -> None:
        try:
            job()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def _wait_for(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _epochs(run: Run) -> int:
    return len(Run.objects.values_list("history", flat=True).get(pk=run.pk))


@pytest.mark.django_db(transaction=True)
def test_a_training_is_cancelled_and_goes_on_from_its_checkpoint(dataset: Dataset) -> None:
    run = _start(dataset, LONG)
    thread = _beside(lambda: do(run.pk))
    _wait_for(lambda: _epochs(run) >= 2)
    cancel_run(by=dataset.created_by, run=run)
    thread.join(60)
    run.refresh_from_db()
    assert (run.state, run.message) == (Run.State.CANCELLED, "")
    before = run.history
    # As when the worker is killed between keeping an epoch and telling of it.
    Run.objects.filter(pk=run.pk).update(history=before[:-1])

    retry_run(by=dataset.created_by, run=run)
    thread = _beside(lambda: do(run.pk))
    _wait_for(lambda: _epochs(run) > len(before))
    cancel_run(by=dataset.created_by, run=run)
    thread.join(60)
    run.refresh_from_db()
    # The first epochs are those of the first attempt, to the last digit.
    assert run.history[: len(before)] == before
    assert [point["epoch"] for point in run.history] == list(range(1, len(run.history) + 1))


@pytest.mark.django_db(transaction=True)
def test_a_data_set_that_is_deleted_stops_its_training_and_leaves_no_file(
    dataset: Dataset,
) -> None:
    run = _start(dataset, LONG)
    thread = _beside(lambda: do(run.pk))
    _wait_for(lambda: _epochs(run) >= 1)
    delete_dataset(by=dataset.created_by, dataset=Dataset.objects.get(pk=dataset.pk))
    thread.join(60)
    assert not thread.is_alive()
    assert not _files(dataset.folder)
    assert not ModelVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_late_double_makes_no_second_model(dataset: Dataset) -> None:
    run = _start(dataset, LONG)
    thread = _beside(lambda: do(run.pk))
    _wait_for(lambda: _epochs(run) >= 1)
    # Taken for dead, and claimed by another worker.
    Run.objects.filter(pk=run.pk).update(state=Run.State.QUEUED, claim=None)
    taken = claiming.claim(Run, run.pk)
    assert taken is not None
    thread.join(60)
    assert not thread.is_alive()
    run.refresh_from_db()
    assert (run.state, run.claim) == (Run.State.RUNNING, taken.claim)
    assert not ModelVersion.objects.exists()
