"""What segmenting leaves: maps, masks, objects and scores."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from annotations.imaging.source import ArraySource
from annotations.imaging.store.read import open_store
from annotations.imaging.store.write import write_image
from annotations.jobs.reporter import Reporter
from annotations.models import Dataset, Image, PatchScores
from annotations.services.scores import decoded
from inference.models import ModelVersion, Run, Segmentation
from inference.objects.choice import AUTOMATIC
from tests.annotations.imaging.sources import stack_header
from tests.factories import disc, make_run
from tests.inference.jobs.segmenting.segmented import segmented
from tests.inference.objects.whole import objects_of

pytestmark = pytest.mark.django_db


def test_every_image_and_structure_gets_a_result(dataset: Dataset, model: ModelVersion) -> None:
    run = segmented(dataset, model)
    assert (run.state, run.error, run.progress) == (Run.State.DONE, "", 1)
    found = set(Segmentation.objects.values_list("image__name", "structure__name", "threshold"))
    assert found == {(image, name, 0.5) for image in ("a.tif", "b.tif") for name in ("One", "Two")}


def test_segmenting_offers_its_patch_scores(dataset: Dataset, model: ModelVersion) -> None:
    segmented(dataset, model)
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
    segmented(dataset, model)
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
    segmented(dataset, model)
    first, second = (
        open_store(own.map).read(0, 50, 0, 75)
        for own in Segmentation.objects.filter(structure__name="One")
    )
    np.testing.assert_array_equal(first, second)


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
    run = segmented(dataset, model)
    assert run.state == Run.State.FAILED
    assert "b.tif: Channel 2 is asked for, and the image has 1 channels." in run.error
    dataset.used_channels = []
    dataset.save()
    assert segmented(dataset, model).state == Run.State.FAILED  # two channels, a model of one
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


def test_an_area_in_um2_is_refused_where_an_image_has_no_pixel_size(
    dataset: Dataset, model: ModelVersion
) -> None:
    Image.objects.filter(name="a.tif").update(pixel_size_y_um=0.5, pixel_size_x_um=0.5)
    Image.objects.filter(name="b.tif").update(pixel_size_y_um=None, pixel_size_x_um=None)
    model.outputs.update(separation_unit="um", separation_smallest=1000)
    run = segmented(dataset, model)
    assert run.state == Run.State.FAILED
    assert run.error.startswith("b.tif: Its pixel size is not known")
    # 1000 µm² are more px than an image has.
    assert [own.object_count for own in Segmentation.objects.filter(image__name="a.tif")] == [0, 0]
    assert not Segmentation.objects.filter(image__name="b.tif").exists()


def test_progress_counts_over_all_images(dataset: Dataset, model: ModelVersion) -> None:
    from inference.jobs.segment import _Step

    run = make_run(dataset=dataset, state=Run.State.RUNNING)
    reporter = Reporter(run)
    _Step(reporter, "b.tif", number=1, images=4)(1, 2)
    reporter.beat_once()
    run.refresh_from_db()
    assert (run.progress, run.message) == (0.375, "Segmenting b.tif (2 of 4)")
