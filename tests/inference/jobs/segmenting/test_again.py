"""Images that were done before, that are gone, or that do not fit."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.models import Dataset
from inference.jobs.runner import run as do
from inference.models import ModelVersion, Run, Segmentation
from tests.inference.jobs.segmenting.segmented import queued, segmented
from tests.inference.jobs.untrained import write_untrained

pytestmark = pytest.mark.django_db


def test_segmenting_again_replaces_files_and_rows(
    dataset: Dataset,
    model: ModelVersion,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    segmented(dataset, model)
    before = {own.pk: own.folder for own in Segmentation.objects.select_related("image")}
    with django_capture_on_commit_callbacks(execute=True):
        segmented(dataset, model)
    after = {own.pk: own.folder for own in Segmentation.objects.select_related("image")}
    assert set(after) == set(before)
    assert all(folder.is_dir() for folder in after.values())
    assert not any(folder.exists() for folder in before.values())


def test_images_that_a_killed_worker_finished_are_not_done_again(
    dataset: Dataset, model: ModelVersion
) -> None:
    run = segmented(dataset, model)
    keys = dict(Segmentation.objects.values_list("pk", "key"))
    last = Segmentation.objects.filter(image__name="b.tif")[0]
    last.delete()
    Run.objects.filter(pk=run.pk).update(state=Run.State.QUEUED, finished_at=None)
    do(run.pk)
    now = Segmentation.objects.in_bulk()
    kept = [pk for pk in keys if pk in now and now[pk].image.name == "a.tif"]
    assert len(now) == 4
    assert len(kept) == 2
    assert all(now[pk].key == keys[pk] for pk in kept)


def test_images_that_were_deleted_do_not_keep_the_others_from_being_done(
    dataset: Dataset, model: ModelVersion
) -> None:
    run = queued(dataset, model)
    dataset.images.get(name="a.tif").delete()
    do(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert set(Segmentation.objects.values_list("image__name", flat=True)) == {"b.tif"}


def test_a_run_whose_images_are_all_gone_says_so(dataset: Dataset, model: ModelVersion) -> None:
    run = queued(dataset, model)
    dataset.images.all().delete()
    do(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (
        Run.State.FAILED,
        "The images of this run have been deleted. Start it again with others.",
    )


def test_an_image_of_other_channels_is_refused_with_the_reason(
    dataset: Dataset, model: ModelVersion
) -> None:
    write_untrained(model, channels=3)
    run = segmented(dataset, model)
    assert run.state == Run.State.FAILED
    assert "3 channels" in run.error
    assert not Segmentation.objects.exists()


def test_a_model_whose_files_are_gone_is_named(dataset: Dataset, model: ModelVersion) -> None:
    (model.folder / "model.safetensors").unlink()
    run = segmented(dataset, model)
    assert run.state == Run.State.FAILED
    assert "model.safetensors is missing" in run.error
