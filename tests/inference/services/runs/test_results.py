"""Segmenting, exporting, and another threshold."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Role, Structure
from inference.models import ModelVersion, Run, Segmentation
from inference.services.runs import (
    TrainOptions,
    apply_threshold,
    start_export,
    start_segmentation,
    start_training,
)
from tests.factories import (
    make_dataset,
    make_image,
    make_segmentation,
)
from tests.inference.services.runs.members import member

pytestmark = pytest.mark.django_db


def test_viewers_export_and_start_nothing_else(
    dataset: Dataset, model: ModelVersion, segmentation: Segmentation
) -> None:
    viewer = member(dataset, Role.VIEWER)
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
