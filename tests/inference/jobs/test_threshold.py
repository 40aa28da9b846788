"""Another threshold for one segmentation."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from annotations.models import Image
from inference.jobs.runner import run as do
from inference.models import Run, Segmentation
from inference.services.runs import apply_threshold
from tests.factories import (
    make_image,
    make_model,
    make_segmentation,
    make_structure,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def segmentation(data_root: Path) -> Segmentation:
    """A map of two squares: 10 x 10 px at level 200 and 5 x 8 px at level 100, on level 10."""
    map_ = np.full((64, 96), 10, np.uint8)
    map_[5:15, 5:15] = 200
    map_[30:35, 60:68] = 100
    image = make_image(height=64, width=96, store=True)
    structure = make_structure(project=image.dataset.project)
    model = make_model(dataset=image.dataset, structures=[structure])
    return make_segmentation(image=image, model=model, structure=structure, map_=map_)


def _apply(segmentation: Segmentation, threshold: float) -> Run:
    run = apply_threshold(
        by=segmentation.model.dataset.created_by, segmentation=segmentation, threshold=threshold
    )
    do(run.pk)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(
    ("threshold", "areas"),
    [
        (1.0, []),
        (200.6 / 255, []),
        (200 / 255, [100]),
        (101 / 255, [100]),
        (100 / 255, [100, 40]),
        (11 / 255, [100, 40]),
        (10 / 255, [64 * 96]),
        # Level 0 stands for nothing, but every pixel here is above it.
        (0.0, [64 * 96]),
    ],
)
def test_objects_and_area_follow_the_threshold(
    segmentation: Segmentation, threshold: float, areas: list[int]
) -> None:
    assert _apply(segmentation, threshold).state == Run.State.DONE
    segmentation.refresh_from_db()
    assert segmentation.threshold == threshold
    assert segmentation.area_px == sum(areas)
    assert segmentation.object_count == len(areas)
    table = pq.read_table(segmentation.objects_table)
    assert table.column("area").to_pylist() == areas


def test_a_result_that_is_gone_is_said_to_be_gone(segmentation: Segmentation) -> None:
    run = apply_threshold(
        by=segmentation.model.dataset.created_by, segmentation=segmentation, threshold=0.4
    )
    Segmentation.objects.all().delete()
    do(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (
        Run.State.FAILED,
        "This result is gone. Segment the image again.",
    )


def test_an_image_that_is_deleted_takes_its_thresholds_along(segmentation: Segmentation) -> None:
    run = apply_threshold(
        by=segmentation.model.dataset.created_by, segmentation=segmentation, threshold=0.4
    )
    Image.objects.all().delete()
    do(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
