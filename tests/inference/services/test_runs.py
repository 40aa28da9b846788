"""Starting, cancelling and repeating runs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Role, Structure, User
from annotations.models.label import Answer
from inference.models import ModelVersion, Run, Segmentation
from inference.services.runs import (
    TrainOptions,
    apply_threshold,
    cancel_run,
    retry_run,
    start_export,
    start_segmentation,
    start_training,
)
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_model,
    make_run,
    make_segmentation,
    make_structure,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rings() -> Structure:
    return make_structure(name="Rings")


@pytest.fixture
def dataset(rings: Structure) -> Dataset:
    """Two images with a yes and a no each: enough to train on."""
    dataset = make_dataset(project=rings.project)
    for _ in range(2):
        image = make_image(dataset=dataset)
        for column, value in enumerate((Answer.YES, Answer.NO)):
            make_label(
                image=image, structure=rings, annotator=dataset.created_by, column=column,
                value=value,
            )  # fmt: skip
    return dataset


@pytest.fixture
def model(dataset: Dataset, rings: Structure) -> ModelVersion:
    return make_model(dataset=dataset, structures=[rings])


@pytest.fixture
def segmentation(dataset: Dataset, model: ModelVersion, rings: Structure) -> Segmentation:
    image = dataset.images.earliest("pk")
    return make_segmentation(image=image, model=model, structure=rings)


def _member(dataset: Dataset, role: Role) -> User:
    return make_member(project=dataset.project, role=role).user


def test_a_training_is_queued_with_its_choices(
    dataset: Dataset,
    rings: Structure,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    annotator = _member(dataset, Role.ANNOTATOR)
    options = TrainOptions(name="First", epochs=5, downscale=2, method="paper", members=2)
    start = make_model(dataset=dataset, structures=[rings])
    with django_capture_on_commit_callbacks() as sent:
        run = start_training(by=annotator, dataset=dataset, options=options, start=start)
    run.refresh_from_db()
    assert (run.kind, run.state, run.created_by, run.uses) == ("train", "queued", annotator, None)
    assert run.params == {
        "name": "First", "epochs": 5, "downscale": 2, "method": "paper", "members": 2,
        "start": start.pk, "structures": [rings.pk],
    }  # fmt: skip
    assert len(sent) == 1


def test_starting_a_training_decides_the_splits(dataset: Dataset) -> None:
    start_training(by=dataset.created_by, dataset=dataset, options=TrainOptions())
    first = dict(dataset.images.values_list("pk", "split"))
    assert sorted(first.values()) == [Image.Split.TRAIN, Image.Split.VALIDATION]
    start_training(by=dataset.created_by, dataset=dataset, options=TrainOptions())
    assert dict(dataset.images.values_list("pk", "split")) == first


def test_a_training_without_enough_answers_is_rejected_with_the_reasons(dataset: Dataset) -> None:
    dataset.images.latest("pk").delete()
    with pytest.raises(Rejected, match="one image only"):
        start_training(by=dataset.created_by, dataset=dataset, options=TrainOptions())
    assert not Run.objects.exists()
    assert set(dataset.images.values_list("split", flat=True)) == {""}


def test_a_structure_of_another_project_is_not_trained(dataset: Dataset) -> None:
    with pytest.raises(Rejected, match="another project"):
        start_training(
            by=dataset.created_by,
            dataset=dataset,
            structures=[make_structure()],
            options=TrainOptions(),
        )
    assert not Run.objects.exists()


def test_a_training_starts_from_models_of_its_own_data_set_only(
    dataset: Dataset, rings: Structure
) -> None:
    other = make_model(dataset=make_dataset(project=dataset.project), structures=[rings])
    before = Run.objects.count()
    with pytest.raises(Rejected, match="another data set") as refusal:
        start_training(by=dataset.created_by, dataset=dataset, options=TrainOptions(), start=other)
    assert refusal.value.field == "start"
    assert Run.objects.count() == before


@pytest.mark.parametrize("members", [0, 6])
def test_one_to_five_models_can_be_averaged(dataset: Dataset, members: int) -> None:
    with pytest.raises(Rejected, match="One to 5") as refusal:
        start_training(
            by=dataset.created_by, dataset=dataset, options=TrainOptions(members=members)
        )
    assert refusal.value.field == "members"


def test_viewers_export_and_start_nothing_else(
    dataset: Dataset, model: ModelVersion, segmentation: Segmentation
) -> None:
    viewer = _member(dataset, Role.VIEWER)
    refused: list[Callable[[], Run]] = [
        lambda: start_training(by=viewer, dataset=dataset, options=TrainOptions()),
        lambda: start_segmentation(by=viewer, dataset=dataset, model=model),
        lambda: apply_threshold(by=viewer, segmentation=segmentation, threshold=0.4),
    ]
    for start in refused:
        with pytest.raises(PermissionDenied):
            start()
    assert start_export(by=viewer, dataset=dataset, model=model).kind == Run.Kind.EXPORT


def test_segmenting_takes_every_ready_image(dataset: Dataset, model: ModelVersion) -> None:
    ready = set(dataset.images.values_list("pk", flat=True))
    make_image(dataset=dataset, state=Image.State.IMPORTING)
    run = start_segmentation(by=dataset.created_by, dataset=dataset, model=model)
    assert (run.kind, run.uses) == (Run.Kind.SEGMENT, model)
    assert set(run.params["images"]) == ready


def test_segmenting_takes_the_images_that_were_chosen(
    dataset: Dataset, model: ModelVersion
) -> None:
    chosen = dataset.images.latest("pk")
    run = start_segmentation(by=dataset.created_by, dataset=dataset, model=model, images=[chosen])
    assert run.params["images"] == [chosen.pk]


def test_images_that_are_elsewhere_or_not_ready_are_not_segmented(
    dataset: Dataset, model: ModelVersion
) -> None:
    for image in (make_image(), make_image(dataset=dataset, state=Image.State.IMPORTING)):
        with pytest.raises(Rejected, match="not ready") as refusal:
            start_segmentation(by=dataset.created_by, dataset=dataset, model=model, images=[image])
        assert refusal.value.field == "images"


def test_a_model_of_another_data_set_is_not_used(dataset: Dataset, model: ModelVersion) -> None:
    other = make_dataset(project=dataset.project)
    make_image(dataset=other)
    with pytest.raises(Rejected, match="another data set") as refusal:
        start_segmentation(by=dataset.created_by, dataset=other, model=model)
    assert refusal.value.field == "model"


def test_a_data_set_without_images_is_not_segmented(dataset: Dataset, model: ModelVersion) -> None:
    dataset.images.all().delete()
    with pytest.raises(Rejected, match="no images"):
        start_segmentation(by=dataset.created_by, dataset=dataset, model=model)


def test_nothing_is_exported_before_anything_is_segmented(
    dataset: Dataset, model: ModelVersion
) -> None:
    with pytest.raises(Rejected, match="Segment them first"):
        start_export(by=dataset.created_by, dataset=dataset, model=model)


@pytest.mark.parametrize("threshold", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_threshold_lies_between_0_and_1(segmentation: Segmentation, threshold: float) -> None:
    by = segmentation.image.dataset.created_by
    with pytest.raises(Rejected, match="between 0 and 1"):
        apply_threshold(by=by, segmentation=segmentation, threshold=threshold)


def test_the_last_threshold_asked_for_is_the_one_that_counts(segmentation: Segmentation) -> None:
    by = segmentation.image.dataset.created_by
    first = apply_threshold(by=by, segmentation=segmentation, threshold=0.4)
    second = apply_threshold(by=by, segmentation=segmentation, threshold=0.6)
    for run in (first, second):
        run.refresh_from_db()
    assert (first.state, second.state) == (Run.State.CANCELLED, Run.State.QUEUED)
    assert second.params == {"segmentation": segmentation.pk, "threshold": 0.6}
    assert second.uses == segmentation.model


def test_thresholds_of_other_results_are_left_alone(
    dataset: Dataset, model: ModelVersion, rings: Structure, segmentation: Segmentation
) -> None:
    other = make_segmentation(image=dataset.images.latest("pk"), model=model, structure=rings)
    first = apply_threshold(by=dataset.created_by, segmentation=other, threshold=0.4)
    apply_threshold(by=dataset.created_by, segmentation=segmentation, threshold=0.4)
    first.refresh_from_db()
    assert first.state == Run.State.QUEUED


def test_a_waiting_run_is_cancelled_at_once() -> None:
    run = make_run()
    cancelled = cancel_run(by=run.created_by, run=run)
    assert cancelled.state == Run.State.CANCELLED
    assert cancelled.finished_at is not None


def test_a_running_run_is_asked_to_stop() -> None:
    run = make_run(state=Run.State.RUNNING)
    asked = cancel_run(by=run.created_by, run=run)
    assert (asked.state, asked.cancel_requested) == (Run.State.RUNNING, True)


@pytest.mark.parametrize("state", [Run.State.DONE, Run.State.FAILED, Run.State.CANCELLED])
def test_a_run_that_is_over_stays_as_it_is(state: Run.State) -> None:
    run = make_run(state=state)
    before = Run.objects.values().get(pk=run.pk)
    cancel_run(by=run.created_by, run=run)
    assert Run.objects.values().get(pk=run.pk) == before


@pytest.mark.parametrize("state", [Run.State.FAILED, Run.State.CANCELLED])
def test_a_run_that_failed_or_was_cancelled_starts_again(
    state: Run.State, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    history = [{"epoch": 1, "train_loss": 0.5}]
    run = make_run(
        state=state, progress=0.4, cancel_requested=True, history=history, sent_at=long_ago,
        started_at=long_ago,
    )  # fmt: skip
    with django_capture_on_commit_callbacks() as sent:
        again = retry_run(by=run.created_by, run=run)
    assert (again.state, again.error, again.progress) == (Run.State.QUEUED, "", 0)
    assert (again.cancel_requested, again.started_at, again.finished_at) == (False, None, None)
    # It goes on from its checkpoint, so the curve stays.
    assert again.history == history
    assert len(sent) == 1
    # The task has just been sent: the sweep has nothing to add.
    assert not Run.objects.forgotten(timezone.now()).exists()


@pytest.mark.parametrize("state", [Run.State.QUEUED, Run.State.RUNNING, Run.State.DONE])
def test_other_runs_do_not_start_again(state: Run.State) -> None:
    run = make_run(state=state)
    with pytest.raises(Rejected, match="failed or was cancelled"):
        retry_run(by=run.created_by, run=run)
    run.refresh_from_db()
    assert run.state == state


def test_whoever_may_not_start_a_run_may_not_stop_it_either(
    dataset: Dataset, model: ModelVersion
) -> None:
    viewer = _member(dataset, Role.VIEWER)
    training = make_run(dataset=dataset)
    export = make_run(dataset=dataset, kind=Run.Kind.EXPORT, uses=model)
    with pytest.raises(PermissionDenied):
        cancel_run(by=viewer, run=training)
    assert cancel_run(by=viewer, run=export).state == Run.State.CANCELLED
    assert retry_run(by=viewer, run=export).state == Run.State.QUEUED
    training.refresh_from_db()
    assert training.state == Run.State.QUEUED


def test_strangers_stop_nothing() -> None:
    run, stranger = make_run(), make_dataset().created_by
    with pytest.raises(PermissionDenied):
        cancel_run(by=stranger, run=run)
