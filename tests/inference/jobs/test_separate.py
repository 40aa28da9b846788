"""Another way to tell objects apart, for all results of a structure."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from annotations.errors import Rejected
from annotations.models import Image
from inference.jobs.runner import run as do
from inference.models import ModelStructure, ModelVersion, Run, Segmentation
from inference.objects.choice import Separation
from inference.services.runs import apply_separation, apply_threshold
from tests.factories import (
    make_dataset,
    make_image,
    make_model,
    make_segmentation,
    make_structure,
)
from tests.inference.objects.shapes import discs

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(data_root: Path) -> ModelVersion:
    """A model that found the same two touching discs in two images of 0.5 µm per px."""
    dataset = make_dataset()
    structure = make_structure(project=dataset.project)
    model = make_model(dataset=dataset, structures=[structure])
    for name in ("a.tif", "b.tif"):
        image = make_image(dataset=dataset, height=64, width=100, store=True)
        Image.objects.filter(pk=image.pk).update(
            name=name, pixel_size_y_um=0.5, pixel_size_x_um=0.5
        )
        map_ = np.where(discs((64, 100), (32, 30, 20), (32, 66, 20)), 200, 3).astype(np.uint8)
        make_segmentation(image=image, model=model, structure=structure, map_=map_)
    # Made otherwise, so that every choice below is a change.
    Segmentation.objects.update(separation_method="distance", separation_size=1000)
    return model


def _queued(model: ModelVersion, separation: Separation) -> Run:
    return apply_separation(
        by=model.dataset.created_by,
        model=model,
        structure=model.structures.get(),
        separation=separation,
    )


def _apply(model: ModelVersion, separation: Separation) -> Run:
    run = _queued(model, separation)
    do(run.pk)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(
    ("separation", "count"),
    [
        (Separation(), 2),
        (Separation("none"), 1),
        (Separation("distance"), 2),
        (Separation("distance", 15, "um"), 2),
        (Separation("distance", 30, "um"), 1),
        (Separation("distance", 30, "px"), 2),
        (Separation("h-maxima", 2, "um"), 2),
        (Separation("h-maxima", 10, "um"), 1),
    ],
)
def test_all_results_are_counted_anew(
    model: ModelVersion, separation: Separation, count: int
) -> None:
    run = _apply(model, separation)
    assert (run.state, run.error) == (Run.State.DONE, "")
    for own in Segmentation.objects.select_related("image__dataset"):
        assert own.separation == separation
        assert own.object_count == pq.read_table(own.objects_table).num_rows == count
    assert ModelStructure.objects.get().separation == separation


@pytest.mark.parametrize(
    ("separation", "count"),
    # One region of about 2,400 px, 600 µm²; alone, a disc has 1,257 px.
    [
        (Separation("none", smallest=2000), 1),
        (Separation("none", smallest=3000), 0),
        (Separation("none", unit="um", smallest=500), 1),
        (Separation("none", unit="um", smallest=700), 0),
        (Separation(smallest=1000), 2),
        # Neither half is large enough, so they are one.
        (Separation(smallest=2000), 1),
    ],
)
def test_objects_below_the_smallest_are_counted_no_more(
    model: ModelVersion, separation: Separation, count: int
) -> None:
    assert _apply(model, separation).state == Run.State.DONE
    for own in Segmentation.objects.select_related("image__dataset"):
        areas = pq.read_table(own.objects_table)["area"].to_pylist()
        assert own.separation == separation
        assert (own.object_count, own.area_px) == (len(areas), sum(areas))
        assert len(areas) == count


def test_another_smallest_object_alone_is_a_change_and_the_same_is_none(
    model: ModelVersion,
) -> None:
    _apply(model, Separation("none"))
    _apply(model, Separation("none", smallest=3000))
    assert set(Segmentation.objects.values_list("object_count", flat=True)) == {0}
    first = Segmentation.objects.first()
    assert first is not None
    first.objects_table.unlink()
    _apply(model, Separation("none", smallest=3000))
    assert not first.objects_table.exists()
    _apply(model, Separation("none"))
    assert set(Segmentation.objects.values_list("object_count", flat=True)) == {1}


def test_a_new_threshold_keeps_the_separation(model: ModelVersion) -> None:
    _apply(model, Separation("none"))
    own = Segmentation.objects.first()
    assert own is not None
    run = apply_threshold(by=model.dataset.created_by, segmentation=own, threshold=0.4)
    do(run.pk)
    own.refresh_from_db()
    assert (own.threshold, own.object_count, own.separation.method) == (0.4, 1, "none")


def test_what_is_counted_that_way_already_is_not_done_again(model: ModelVersion) -> None:
    _apply(model, Separation("none"))
    first, second = Segmentation.objects.order_by("image__name")
    first.objects_table.unlink()
    Segmentation.objects.filter(pk=second.pk).update(separation_method="automatic")
    assert _apply(model, Separation("none")).state == Run.State.DONE
    assert not first.objects_table.exists()
    assert set(Segmentation.objects.values_list("separation_method", flat=True)) == {"none"}


def test_the_way_chosen_last_counts(model: ModelVersion) -> None:
    first = _queued(model, Separation("none"))
    second = _queued(model, Separation("distance", 30))
    first.refresh_from_db()
    assert first.state == Run.State.CANCELLED
    do(second.pk)
    sizes = Segmentation.objects.values_list("separation_method", "separation_size")
    assert set(sizes) == {("distance", 30)}


def test_um_are_refused_where_an_image_has_no_pixel_size(model: ModelVersion) -> None:
    Image.objects.filter(name="b.tif").update(pixel_size_y_um=None, pixel_size_x_um=None)
    with pytest.raises(Rejected, match=r"b\.tif is not known"):
        _apply(model, Separation("distance", 15, "um"))
    with pytest.raises(Rejected, match=r"b\.tif is not known"):
        _apply(model, Separation("none", unit="um", smallest=15))
    assert ModelStructure.objects.get().separation == Separation()


def test_an_image_without_a_pixel_size_does_not_hold_up_the_others(model: ModelVersion) -> None:
    run = _queued(model, Separation("distance", 30, "um"))
    Image.objects.filter(name="a.tif").update(pixel_size_y_um=None, pixel_size_x_um=None)
    do(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert run.error.startswith("a.tif: Its pixel size is not known")
    assert Segmentation.objects.get(image__name="b.tif").object_count == 1


def test_a_result_that_is_gone_is_passed_over(model: ModelVersion) -> None:
    run = _queued(model, Separation("none"))
    Image.objects.get(name="a.tif").delete()
    do(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert Segmentation.objects.get().separation.method == "none"
