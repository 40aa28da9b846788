"""Data sets made of a folder on this machine."""

from pathlib import Path

import pytest

from annotations.models import Dataset, Project
from annotations.services.existing.folders import dataset_for_folder
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_folder_is_one_data_set_however_often_it_is_named(tmp_path: Path) -> None:
    alice = make_user()
    folder = tmp_path / "Monday"
    first = dataset_for_folder(by=alice, folder=folder, patch_size=64)
    again = dataset_for_folder(by=alice, folder=folder / "." / "", patch_size=128)
    assert first == again
    assert (first.name, again.patch_size) == ("Monday", 64)


def test_folders_share_one_project_and_people_do_not(tmp_path: Path) -> None:
    alice, bob = make_user(), make_user()
    for user, name in ((alice, "Monday"), (alice, "Tuesday"), (bob, "Monday")):
        dataset_for_folder(by=user, folder=tmp_path / name, patch_size=64)
    assert Project.objects.count() == 2
    assert Dataset.objects.count() == 3
    assert not Dataset.objects.visible_to(bob).filter(project__created_by=alice).exists()


def test_a_long_folder_name_is_cut(tmp_path: Path) -> None:
    alice, folder = make_user(), tmp_path / ("x" * 250)
    first = dataset_for_folder(by=alice, folder=folder, patch_size=64)
    assert first.name == "x" * 120
    assert dataset_for_folder(by=alice, folder=folder, patch_size=64) == first
