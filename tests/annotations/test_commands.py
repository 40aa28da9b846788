"""`manage.py import_folder` and `manage.py load_demo`."""

import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotations.models import Dataset, Image, Project, User
from tests.factories import make_user
from tests.support.pictures import png

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(data_root: Path) -> None:
    """Every test has an empty data folder."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two images, one file that is none, one that a system hid there, and a folder."""
    folder = tmp_path / "Monday"
    (folder / "deeper").mkdir(parents=True)
    (folder / "b.png").write_bytes(png(seed=1))
    (folder / "a.png").write_bytes(png(seed=2))
    (folder / "notes.txt").write_text("Dear diary")
    (folder / ".DS_Store").write_bytes(b"\x00")
    (folder / "deeper" / "c.png").write_bytes(png(seed=3))
    return folder


def _run(command: str, *arguments: str) -> str:
    output = io.StringIO()
    call_command(command, *arguments, stdout=output)
    return output.getvalue()


def test_a_folder_becomes_a_data_set(folder: Path) -> None:
    alice = make_user("alice")
    said = _run("import_folder", str(folder), "--user", "alice", "--patch-size", "48")
    dataset = Dataset.objects.get()
    assert (dataset.name, dataset.patch_size, dataset.created_by) == ("Monday", 48, alice)
    assert list(dataset.images.values_list("name", flat=True)) == ["a.png", "b.png"]
    assert "notes.txt: This is no image" in said
    assert "2 of 3 files added to “Monday”." in said


def test_folders_within_it_are_named_and_not_read(folder: Path) -> None:
    make_user("alice")
    said = _run("import_folder", str(folder), "--user", "alice")
    assert "1 folder in it was not read: deeper" in said


def test_a_second_time_only_new_files_are_added(folder: Path) -> None:
    make_user("alice")
    _run("import_folder", str(folder), "--user", "alice")
    (folder / "d.png").write_bytes(png(seed=4))
    said = _run("import_folder", str(folder), "--user", "alice")
    assert "1 of 4 files added" in said
    assert "a.png: this image is here already, as a.png." in said
    assert Image.objects.count() == 3


def test_the_files_of_the_folder_are_left_as_they_are(folder: Path) -> None:
    make_user("alice")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    _run("import_folder", str(folder), "--user", "alice")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_on_a_new_site_the_folder_is_the_first_accounts(folder: Path) -> None:
    _run("import_folder", str(folder))
    assert Dataset.objects.get().created_by == User.objects.get()


def test_a_site_with_people_is_asked_whose_folder_it_is(folder: Path) -> None:
    make_user("alice")
    with pytest.raises(CommandError, match="--user NAME"):
        _run("import_folder", str(folder))


def test_a_name_that_nobody_has_is_refused(folder: Path) -> None:
    with pytest.raises(CommandError, match="Nobody has the user name bob"):
        _run("import_folder", str(folder), "--user", "bob")


def test_what_is_no_folder_is_refused(folder: Path) -> None:
    for path in (folder / "a.png", folder / "no such"):
        with pytest.raises(CommandError, match="is not a folder"):
            _run("import_folder", str(path))


def test_a_patch_size_that_cannot_be_is_refused(folder: Path) -> None:
    make_user("alice")
    with pytest.raises(CommandError, match="between 16 and 1024 px"):
        _run("import_folder", str(folder), "--user", "alice", "--patch-size", "5")
    assert not Project.objects.exists()


def test_a_file_that_cannot_be_read_does_not_stop_the_others(folder: Path) -> None:
    make_user("alice")
    # A file whose first byte is an input/output error, for everybody.
    (folder / "a.png").unlink()
    (folder / "a.png").symlink_to("/proc/self/mem")
    said = _run("import_folder", str(folder), "--user", "alice")
    assert "a.png: cannot be read (Input/output error)." in said
    assert "1 of 3 files added" in said


def test_pipes_and_links_to_nowhere_are_no_files(folder: Path) -> None:
    make_user("alice")
    os.mkfifo(folder / "pipe.png")
    (folder / "link.png").symlink_to(folder / "gone.png")
    assert "2 of 3 files added" in _run("import_folder", str(folder), "--user", "alice")


def test_the_demo_is_for_a_new_site_only() -> None:
    make_user()
    with pytest.raises(CommandError, match="accounts here already"):
        _run("load_demo")
    assert not Project.objects.exists()
