"""Masks and outlines."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.errors import Rejected
from annotations.imaging.grid import patch_labels
from annotations.imaging.store.read import open_store
from annotations.models import Image, Label, Reference, Structure, User
from annotations.services.existing.masks import Taken, take_mask
from annotations.services.existing.references import delete_reference
from tests.annotations.services.existing.taking import answers, two_objects
from tests.factories import (
    make_image,
    make_member,
)

pytestmark = pytest.mark.django_db


def _take(
    image: Image,
    structure: Structure,
    path: Path,
    *,
    answers: bool = True,
    reference: bool = True,
    dry_run: bool = False,
    by: User | None = None,
) -> Taken:
    return take_mask(
        by=by or image.dataset.created_by,
        dataset=image.dataset,
        structure=structure,
        name=path.name,
        path=path,
        answers=answers,
        reference=reference,
        dry_run=dry_run,
    )


def test_a_mask_becomes_answers_and_a_reference(
    image: Image, structure: Structure, tmp_path: Path
) -> None:
    path = tmp_path / "Slide 1_mask.tif"
    tifffile.imwrite(path, two_objects(), photometric="minisblack")
    planned = _take(image, structure, path, dry_run=True)
    assert not Label.objects.exists()
    assert not Reference.objects.exists()
    taken = _take(image, structure, path)
    assert taken == planned
    assert (taken.objects, taken.area_px, taken.yes, taken.no) == (2, 100 + 320, 3, 3)
    expected = patch_labels(two_objects() > 0, 32)
    assert {(row, column): value for _, row, column, value in answers()} == {
        cell: "yes" if shows else "no" for cell, shows in np.ndenumerate(expected)
    }
    reference = Reference.objects.get()
    labels = open_store(reference.labels).read(0, 64, 0, 96)[0]
    assert np.array_equal(labels > 0, two_objects() > 0)
    assert len(np.unique(labels)) == 3


def test_a_second_reference_takes_the_place_of_the_first(
    image: Image,
    structure: Structure,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = tmp_path / "slide 1.tif"
    tifffile.imwrite(path, two_objects(), photometric="minisblack")
    _take(image, structure, path, answers=False)
    former = Reference.objects.get().folder
    outline = {"type": "Polygon", "coordinates": [[[0, 0], [8, 0], [8, 8], [0, 8], [0, 0]]]}
    drawn = tmp_path / "slide 1.geojson"
    drawn.write_text(json.dumps(outline))
    with django_capture_on_commit_callbacks(execute=True):
        assert _take(image, structure, drawn, answers=False).replaces
    reference = Reference.objects.get()
    assert (reference.origin, reference.object_count, reference.area_px) == ("geojson", 1, 64)
    assert reference.folder.is_dir()
    assert not former.exists()
    assert not Label.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        delete_reference(by=image.dataset.created_by, reference=reference)
    assert not reference.folder.exists()


def test_annotators_answer_by_masks_but_keep_no_references(
    image: Image, structure: Structure, tmp_path: Path
) -> None:
    bob = make_member(project=image.dataset.project).user
    path = tmp_path / "slide 1.tif"
    tifffile.imwrite(path, two_objects(), photometric="minisblack")
    with pytest.raises(PermissionDenied):
        _take(image, structure, path, by=bob)
    assert _take(image, structure, path, by=bob, reference=False).changed == 6
    assert not Reference.objects.exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("slide 2.png", "no image of this data set is called slide 2"),
        ("slide 1.png", "96 x 64"),
        ("slide 1.geojson", "no GeoJSON"),
        ("slide 1.roi", "region of ImageJ"),
        ("slide 1.txt", "slide 1.txt: "),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_with_the_reason(
    image: Image, structure: Structure, tmp_path: Path, name: str, message: str
) -> None:
    path = tmp_path / name
    if name == "slide 1.png":
        tifffile.imwrite(path, np.zeros((5, 6), np.uint8))
    else:
        path.write_bytes(b"nothing of use")
    with pytest.raises(Rejected, match=message):
        _take(image, structure, path)
    assert not Reference.objects.exists()
    assert not (image.folder / "references").exists()


def test_two_images_of_one_stem_are_told_apart_by_nobody(
    image: Image, structure: Structure, tmp_path: Path
) -> None:
    make_image(dataset=image.dataset, name="slide 1.png")
    (tmp_path / "slide 1_mask.png").write_bytes(b"")
    with pytest.raises(Rejected, match="several images"):
        _take(image, structure, tmp_path / "slide 1_mask.png")
