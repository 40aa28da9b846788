"""Making, changing and deleting data sets."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Lease, LeftOut, Role
from annotations.services.datasets import create_dataset, delete_dataset, update_dataset
from annotations.services.handing_out import hand_out
from annotations.services.left_out import leave_out
from annotations.services.reviews import Place, remark
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_project,
    make_structure,
)

pytestmark = pytest.mark.django_db
CHANNELS = [{"name": name, "colour": "ffffff", "low": 0, "high": 1} for name in ("DAPI", "GFP")]


def _change(dataset: Dataset, **values: object) -> Dataset:
    given = {
        "name": dataset.name, "description": dataset.description, "patch_size": dataset.patch_size
    }  # fmt: skip
    return update_dataset(by=dataset.created_by, dataset=dataset, **{**given, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [16, 64, 1024])
def test_sensible_patch_sizes_are_taken(size: int) -> None:
    project = make_project()
    dataset = create_dataset(by=project.created_by, project=project, name="A", patch_size=size)
    assert Dataset.objects.get(pk=dataset.pk).patch_size == size


@pytest.mark.parametrize("size", [-1, 0, 15, 1025])
def test_other_patch_sizes_are_rejected(size: int) -> None:
    project = make_project()
    with pytest.raises(Rejected, match="between 16 and 1024 px") as refusal:
        create_dataset(by=project.created_by, project=project, name="A", patch_size=size)
    assert refusal.value.field == "patch_size"


def test_a_taken_name_is_a_conflict() -> None:
    dataset = make_dataset(name="Monday")
    with pytest.raises(Rejected) as refusal:
        create_dataset(
            by=dataset.created_by, project=dataset.project, name=" Monday", patch_size=64
        )
    assert (refusal.value.field, refusal.value.conflict) == ("name", True)


def test_annotators_make_no_data_sets() -> None:
    annotator = make_member(project=make_project(), role=Role.ANNOTATOR)
    with pytest.raises(PermissionDenied):
        create_dataset(by=annotator.user, project=annotator.project, name="A", patch_size=64)


def test_the_patch_size_can_change_while_nothing_is_labelled() -> None:
    dataset = make_image(dataset=make_dataset(patch_size=32)).dataset
    assert _change(dataset, patch_size=64).patch_size == 64


def test_what_is_worked_on_is_one_plane_or_the_maximum_of_some_channels() -> None:
    dataset = make_dataset()
    make_image(dataset=dataset, channels=CHANNELS)
    changed = _change(dataset, projection="max", plane_z=4, plane_t=2, used_channels=[1, 0])
    view = changed.projection, changed.plane_z, changed.plane_t, changed.used_channels
    assert view == ("max", 4, 2, [0, 1])
    assert _change(dataset, name="Other").used_channels == [0, 1]


@pytest.mark.parametrize(
    ("view", "field"),
    [
        ({"projection": "mean"}, "projection"),
        ({"plane_z": -1}, "plane_z"),
        ({"plane_t": -1}, "plane_z"),
        ({"used_channels": [0, 0]}, "used_channels"),
        ({"used_channels": [-1]}, "used_channels"),
        ({"used_channels": ["0"]}, "used_channels"),
        ({"used_channels": [2]}, "used_channels"),
    ],
)
def test_a_view_that_no_image_has_is_rejected(view: dict[str, Any], field: str) -> None:
    dataset = make_dataset()
    make_image(dataset=dataset, name="two.tif", channels=CHANNELS)
    with pytest.raises(Rejected) as refusal:
        _change(dataset, **view)
    assert refusal.value.field == field
    assert Dataset.objects.get().used_channels == []


def test_channels_that_an_image_lacks_keep_nobody_from_renaming() -> None:
    dataset = make_dataset(used_channels=[1])
    make_image(dataset=dataset, name="one.tif")
    assert _change(dataset, name="Renamed").name == "Renamed"
    with pytest.raises(Rejected, match=r"one\.tif has 1 channel, so channel 3 cannot be used"):
        _change(dataset, used_channels=[2])


@pytest.mark.parametrize("overlap", [-1, 33])
def test_an_overlap_of_more_than_half_is_rejected(overlap: int) -> None:
    with pytest.raises(Rejected) as refusal:
        _change(make_dataset(), patch_size=64, overlap=overlap)
    assert refusal.value.field == "overlap"


def test_the_overlap_is_fixed_once_patches_are_labelled() -> None:
    image = make_image(dataset=make_dataset(patch_size=32))
    structure = make_structure(project=image.dataset.project)
    make_label(image=image, structure=structure, annotator=image.dataset.created_by)
    with pytest.raises(Rejected, match="Change the grid under Settings"):
        _change(image.dataset, overlap=8)
    assert _change(image.dataset, overlap=0, name="Same grid").name == "Same grid"


def test_the_patch_size_is_fixed_once_patches_are_labelled() -> None:
    image = make_image(dataset=make_dataset(name="Monday", patch_size=32))
    dataset = image.dataset
    structure = make_structure(project=dataset.project)
    make_label(image=image, structure=structure, annotator=dataset.created_by)
    with pytest.raises(Rejected, match="fixed") as refusal:
        _change(dataset, patch_size=64, name="Other")
    assert refusal.value.field == "patch_size"
    dataset.refresh_from_db()
    assert (dataset.patch_size, dataset.name) == (32, "Monday")
    # The rest may change all the same.
    assert _change(dataset, name="Other", description="new").name == "Other"


def test_only_managers_change_or_delete_a_data_set() -> None:
    dataset = make_dataset()
    annotator = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    with pytest.raises(PermissionDenied):
        update_dataset(by=annotator, dataset=dataset, name="X", description="", patch_size=32)
    with pytest.raises(PermissionDenied):
        delete_dataset(by=annotator, dataset=dataset)
    assert Dataset.objects.filter(pk=dataset.pk).exists()


def test_deleting_a_data_set_removes_its_files_and_no_others(
    data_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    doomed, kept = make_image(), make_image()
    for image in (doomed, kept):
        image.folder.mkdir(parents=True)
        image.dataset.folder.mkdir(parents=True)
    with django_capture_on_commit_callbacks(execute=True):
        delete_dataset(by=doomed.dataset.created_by, dataset=doomed.dataset)
    assert not doomed.folder.exists()
    assert not doomed.dataset.folder.exists()
    assert kept.folder.is_dir()
    assert kept.dataset.folder.is_dir()
    assert list(Image.objects.all()) == [kept]


def test_another_patch_size_leaves_nothing_behind_that_counts_in_the_old_one() -> None:
    image = make_image(dataset=make_dataset(patch_size=32))
    dataset, structure = image.dataset, make_structure(project=image.dataset.project)
    leave_out(by=dataset.created_by, image=image, cells=[(0, 1)])
    hand_out(by=dataset.created_by, dataset=dataset, structure=structure, count=2)
    _change(dataset, patch_size=64)
    assert not LeftOut.objects.exists()
    assert not Lease.objects.exists()
    place = Place(Dataset.objects.get(), structure, image.pk, 0, 0)
    remark(by=dataset.created_by, place=place, text="Half of a ring?")
    with pytest.raises(Rejected, match="1 of its patches is remarked on"):
        _change(dataset, patch_size=32)
