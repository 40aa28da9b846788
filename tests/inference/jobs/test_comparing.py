"""Results scored against references, whichever came last."""

from pathlib import Path

import numpy as np
import pytest
from django.urls import reverse

from annotations.models import Reference
from annotations.services.existing.references import delete_reference, keep_reference
from inference.jobs.comparing import score_against_references
from inference.jobs.runner import run as do
from inference.models import ReferenceScore, Segmentation
from inference.services.runs import apply_threshold
from tests.factories import (
    make_image,
    make_model,
    make_segmentation,
    make_structure,
)
from tests.support.pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def segmentation(data_root: Path) -> Segmentation:
    """A map of two squares: 10 x 10 px at level 200 and 5 x 8 px at level 100."""
    map_ = np.zeros((64, 96), np.uint8)
    map_[5:15, 5:15] = 200
    map_[30:35, 60:68] = 100
    image = make_image(name="a.tif", height=64, width=96, store=True)
    structure = make_structure(project=image.dataset.project, name="ring")
    model = make_model(dataset=image.dataset, structures=[structure])
    return make_segmentation(image=image, model=model, structure=structure, map_=map_)


def _refer(segmentation: Segmentation, rows: int = 10) -> Reference:
    """The first square down to some row, and the second one."""
    labels = np.zeros((64, 96), np.uint32)
    labels[5 : 5 + rows, 5:15] = 1
    labels[30:35, 60:68] = 2
    image = segmentation.image
    by = image.dataset.created_by
    return keep_reference(by, image, segmentation.structure, "mask.png", "mask", labels)


def test_a_result_is_compared_once_a_reference_is_there(segmentation: Segmentation) -> None:
    assert score_against_references() == 0
    _refer(segmentation, rows=8)
    assert score_against_references() == 1
    score = ReferenceScore.objects.get()
    # 80 px of both, 100 found, 120 in the reference; one of one object matches, of two.
    assert score.pixel_f1 == pytest.approx(160 / 220)
    assert score.iou == pytest.approx(80 / 140)
    assert score.object_f1 == pytest.approx(2 / 3)
    assert score.count_error == -1
    assert score_against_references() == 0, "what is compared is not compared again"


def test_another_reference_and_another_threshold_are_compared_anew(
    segmentation: Segmentation,
) -> None:
    _refer(segmentation, rows=8)
    score_against_references()
    _refer(segmentation, rows=10)
    assert not ReferenceScore.objects.current().exists()
    assert score_against_references() == 1
    assert ReferenceScore.objects.get().iou == pytest.approx(100 / 140)
    by = segmentation.image.dataset.created_by
    do(apply_threshold(by=by, segmentation=segmentation, threshold=0.3).pk)
    assert not ReferenceScore.objects.exists()
    assert score_against_references() == 1
    score = ReferenceScore.objects.current().get()
    assert (score.iou, score.object_f1, score.count_error) == (1, 1, 0)


def test_scores_go_with_the_reference(segmentation: Segmentation) -> None:
    reference = _refer(segmentation)
    score_against_references()
    assert ReferenceScore.objects.current().exists()
    delete_reference(by=segmentation.image.dataset.created_by, reference=reference)
    assert not ReferenceScore.objects.current().exists()


def test_a_missing_file_does_not_keep_others_from_being_compared(
    segmentation: Segmentation,
) -> None:
    other = make_segmentation(
        image=make_image(dataset=segmentation.image.dataset, height=64, width=96, store=True),
        model=segmentation.model,
        structure=segmentation.structure,
    )
    for own in (other, segmentation):
        _refer(own)
    assert score_against_references() == 1
    assert ReferenceScore.objects.get().segmentation == segmentation


def test_the_table_and_the_interface_show_the_scores(segmentation: Segmentation) -> None:
    dataset = segmentation.image.dataset
    make_image(dataset=dataset, name="b.tif")
    _refer(segmentation, rows=8)
    client, page = signed_in(dataset.created_by), reverse("dataset-results", args=[dataset.pk])
    address = reverse("api-segmentations", args=[segmentation.image_id])
    assert "Pixel F1" not in text(client.get(page))
    assert client.get(address).json()[0]["against_reference"] is None
    score_against_references()
    assert "0.727 0.571 0.667 -1 b.tif" in text(client.get(page))
    told = client.get(address).json()[0]["against_reference"]
    assert told["object_f1"] == pytest.approx(2 / 3)
    assert told["count_error"] == -1
