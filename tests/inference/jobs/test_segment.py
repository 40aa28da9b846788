"""Segmenting images with a model: files first, then rows, and nothing of what is deleted."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.imaging.source import ArraySource
from annotations.imaging.store import open_store, write_image, write_map
from annotations.jobs import claiming
from annotations.jobs.reporter import Reporter
from annotations.models import Dataset, Image, PatchScores
from annotations.services.scores import decoded
from inference.jobs.keeping import Found, keep_segmentation
from inference.jobs.runner import run as do
from inference.jobs.segment import segment_images
from inference.micranet.errors import Stopped
from inference.models import ModelVersion, Run, Segmentation
from inference.objects.choice import AUTOMATIC
from tests.annotations.imaging.sources import stack_header
from tests.factories import disc, make_dataset, make_image, make_model, make_run, make_structure
from tests.inference.jobs.untrained import write_untrained
from tests.inference.objects.whole import objects_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    """Two images of 50 x 75 px, which no number of patches fills."""
    dataset = make_dataset(patch_size=32)
    for name in "ab":
        make_image(dataset=dataset, name=f"{name}.tif", height=50, width=75, store=True)
    return dataset


@pytest.fixture
def model(dataset: Dataset) -> ModelVersion:
    structures = [make_structure(project=dataset.project, name=name) for name in ("One", "Two")]
    model = make_model(dataset=dataset, structures=structures)
    write_untrained(model)
    return model


def _queued(dataset: Dataset, model: ModelVersion) -> Run:
    images = list(dataset.images.values_list("pk", flat=True))
    return make_run(dataset=dataset, kind=Run.Kind.SEGMENT, uses=model, params={"images": images})


def _segmented(dataset: Dataset, model: ModelVersion) -> Run:
    run = _queued(dataset, model)
    do(run.pk)
    run.refresh_from_db()
    return run


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_every_image_and_structure_gets_a_result(dataset: Dataset, model: ModelVersion) -> None:
    run = _segmented(dataset, model)
    assert (run.state, run.error, run.progress) == (Run.State.DONE, "", 1)
    found = set(Segmentation.objects.values_list("image__name", "structure__name", "threshold"))
    assert found == {(image, name, 0.5) for image in ("a.tif", "b.tif") for name in ("One", "Two")}


def test_segmenting_offers_its_patch_scores(dataset: Dataset, model: ModelVersion) -> None:
    _segmented(dataset, model)
    rows = PatchScores.objects.select_related("image")
    assert {(row.image.name, row.source) for row in rows} == {
        ("a.tif", model.name),
        ("b.tif", model.name),
    }
    for row in rows:
        own = Segmentation.objects.get(image=row.image, structure=row.structure)
        kept = decoded(row.scores, row.rows, row.columns)
        np.testing.assert_allclose(kept, np.load(own.patch_scores), atol=1e-3, rtol=1e-3)


def test_files_and_row_of_a_result_agree(dataset: Dataset, model: ModelVersion) -> None:
    _segmented(dataset, model)
    for own in Segmentation.objects.select_related("image__dataset"):
        map_ = open_store(own.map).read(0, 50, 0, 75)
        assert map_.shape == (1, 50, 75)
        assert map_.dtype == np.uint8
        labels = objects_of(map_[0], own.threshold, AUTOMATIC, pixel_size_um=None)
        assert own.separation == AUTOMATIC
        assert own.area_px == int((labels > 0).sum())
        assert own.object_count == labels.max()
        assert pq.read_table(own.objects_table).num_rows == own.object_count
        scores = np.load(own.patch_scores)
        assert scores.shape == (2, 3)
        assert scores.dtype == np.float32
        assert 0 <= scores.min() <= scores.max() <= 1


def test_the_same_image_gives_the_same_map(dataset: Dataset, model: ModelVersion) -> None:
    """Both images hold the same pixels."""
    _segmented(dataset, model)
    first, second = (
        open_store(own.map).read(0, 50, 0, 75)
        for own in Segmentation.objects.filter(structure__name="One")
    )
    np.testing.assert_array_equal(first, second)


def test_segmenting_again_replaces_files_and_rows(
    dataset: Dataset,
    model: ModelVersion,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    _segmented(dataset, model)
    before = {own.pk: own.folder for own in Segmentation.objects.select_related("image")}
    with django_capture_on_commit_callbacks(execute=True):
        _segmented(dataset, model)
    after = {own.pk: own.folder for own in Segmentation.objects.select_related("image")}
    assert set(after) == set(before)
    assert all(folder.is_dir() for folder in after.values())
    assert not any(folder.exists() for folder in before.values())


def test_images_that_a_killed_worker_finished_are_not_done_again(
    dataset: Dataset, model: ModelVersion
) -> None:
    run = _segmented(dataset, model)
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
    run = _queued(dataset, model)
    dataset.images.get(name="a.tif").delete()
    do(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert set(Segmentation.objects.values_list("image__name", flat=True)) == {"b.tif"}


def test_a_run_whose_images_are_all_gone_says_so(dataset: Dataset, model: ModelVersion) -> None:
    run = _queued(dataset, model)
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
    run = _segmented(dataset, model)
    assert run.state == Run.State.FAILED
    assert "3 channels" in run.error
    assert not Segmentation.objects.exists()


def test_a_model_whose_files_are_gone_is_named(dataset: Dataset, model: ModelVersion) -> None:
    (model.folder / "model.safetensors").unlink()
    run = _segmented(dataset, model)
    assert run.state == Run.State.FAILED
    assert "model.safetensors is missing" in run.error


def _found(image: Image) -> Found:
    planes = disc(image.height, image.width)
    folder = image.folder / "drafts-1" / "map.zarr"
    map_ = np.where(planes > 500, 200, 20).astype(np.uint8)
    write_map(map_, folder, pixel_size_um=None, name="a")
    return Found(
        map=folder,
        patch_scores=np.zeros((2, 3), np.float32),
        grid=image.grid,
        threshold=0.5,
        separation=AUTOMATIC,
    )


def test_an_image_that_is_deleted_while_it_is_segmented_leaves_no_file(
    dataset: Dataset, model: ModelVersion, data_root: Path
) -> None:
    run = claiming.claim(Run, _queued(dataset, model).pk)
    assert run is not None
    image = dataset.images.get(name="a.tif")
    output, found = model.outputs.all()[0], _found(image)
    Image.objects.filter(pk=image.pk).delete()
    kept = keep_segmentation(run=run, image=image, output=output, found=found)
    assert kept is None
    assert not image.folder.exists()
    assert not Segmentation.objects.exists()


def test_a_late_double_keeps_nothing(dataset: Dataset, model: ModelVersion) -> None:
    late = claiming.claim(Run, _queued(dataset, model).pk)
    assert late is not None
    Run.objects.filter(pk=late.pk).update(claim=None, state=Run.State.QUEUED)
    assert claiming.claim(Run, late.pk) is not None
    image = dataset.images.get(name="a.tif")
    before = _files(image.folder)
    with pytest.raises(claiming.Stopped):
        keep_segmentation(
            run=late,
            image=image,
            output=model.outputs.all()[0],
            found=_found(image),
        )
    assert not Segmentation.objects.exists()
    assert _files(image.folder) == before


def test_a_stop_in_the_middle_of_an_image_leaves_no_map(
    dataset: Dataset, model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = claiming.claim(Run, _queued(dataset, model).pk)
    assert run is not None
    image = dataset.images.get(name="a.tif")
    before = _files(image.folder)
    reporter = Reporter(run)
    asked = iter([False, False, True])
    monkeypatch.setattr(reporter, "should_stop", lambda: next(asked))
    with pytest.raises(Stopped):
        segment_images(run, reporter)
    assert _files(image.folder) == before
    assert sorted(path.name for path in image.folder.iterdir()) == ["image.zarr", "thumbnail.png"]


def test_a_stack_is_segmented_as_its_working_view(dataset: Dataset, model: ModelVersion) -> None:
    """The same pixels as a 2-D image and as one plane and channel of a stack: the same map."""
    image, other = dataset.images.order_by("name")
    pixels = np.full((1, 2, 3, 50, 75), 7, np.uint16)
    pixels[0, 1, 0] = disc(50, 75)
    channel = {"name": "Dim", "colour": "ffffff", "low": 0.0, "high": 1.0}
    Image.objects.filter(pk=image.pk).update(
        size_z=3, channels=[channel, {**other.channels[0], "name": "Bright"}]
    )
    write_image(ArraySource(pixels, stack_header(pixels)), image.store, name="a")
    # Of two channels the second, of three planes the first: on the 2-D image there is no second.
    dataset.plane_z, dataset.used_channels = 0, [1]
    dataset.save()
    run = _segmented(dataset, model)
    assert run.state == Run.State.FAILED
    assert "b.tif: Channel 2 is asked for, and the image has 1 channels." in run.error
    dataset.used_channels = []
    dataset.save()
    assert _segmented(dataset, model).state == Run.State.FAILED  # two channels, a model of one
    stacked, flat = (
        Segmentation.objects.filter(image=one).order_by("structure__name").first()
        for one in (image, other)
    )
    assert stacked is not None
    assert flat is not None
    maps = [open_store(own.map).read(0, 50, 0, 75) for own in (stacked, flat)]
    assert np.array_equal(maps[0], maps[1])
    table = pq.read_table(stacked.objects_table)
    assert "intensity_mean-Bright" in table.column_names
    assert "intensity_mean-Dim" not in table.column_names


def test_progress_counts_over_all_images(dataset: Dataset, model: ModelVersion) -> None:
    from inference.jobs.segment import _Step

    run = make_run(dataset=dataset, state=Run.State.RUNNING)
    reporter = Reporter(run)
    _Step(reporter, "b.tif", number=1, images=4)(1, 2)
    reporter.beat_once()
    run.refresh_from_db()
    assert (run.progress, run.message) == (0.375, "Segmenting b.tif (2 of 4)")
