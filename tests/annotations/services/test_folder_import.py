"""Importing a folder of the server over HTTP or the command line."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from pytest_django import Settings

from annotations.errors import NoRoom, Rejected
from annotations.jobs.reading import read_upload
from annotations.models import Dataset, Image, Role, Upload
from annotations.originals import fetch
from annotations.services.existing.folders import import_folder, list_folder
from tests.factories import make_dataset, make_member
from tests.support.pictures import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    return make_dataset()


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Path:
    """A root with a plate of two images, one of them in a folder, and a secret beside the root."""
    root = tmp_path / "scans"
    (root / "plate" / "deep").mkdir(parents=True)
    (root / "plate" / "a.png").write_bytes(png(seed=1))
    (root / "plate" / "deep" / "b.png").write_bytes(png(seed=2))
    (tmp_path / "secret.png").write_bytes(png(seed=3))
    settings.IMPORT_ROOTS = [str(root)]
    return root


def _names(dataset: Dataset) -> list[str]:
    return list(dataset.uploads.values_list("name", flat=True))


def test_the_files_of_a_folder_become_images(dataset: Dataset, root: Path) -> None:
    started = import_folder(
        by=dataset.created_by,
        dataset=dataset,
        path="plate",
        recursive=True,
        table=b"file,well\ndeep/b.png,B2\nc.png,B3\n",
    )
    assert started.files == 2
    assert started.problems == ["Line 3: there is no image c.png."]
    for upload in dataset.uploads.all():
        assert len(read_upload(upload.pk)) == 1
    assert dict(dataset.images.values_list("name", "well")) == {"a.png": "", "b.png": "B2"}
    # What lies in the lab's folder stays as it is.
    assert (root / "plate" / "a.png").read_bytes() == png(seed=1)
    assert (root / "plate" / "a.png").stat().st_nlink == 1


def test_a_table_among_the_images_is_no_image(dataset: Dataset, root: Path) -> None:
    (root / "plate" / "plate.CSV").write_text("file,well\na.png,B2\n")
    assert list_folder(by=dataset.created_by, dataset=dataset, path="plate").files == 1
    started = import_folder(by=dataset.created_by, dataset=dataset, path="plate")
    assert (started.files, _names(dataset)) == (1, ["a.png"])
    assert started.problems == ["plate.CSV: a table is no image. Give it as the table."]
    dataset.uploads.all().delete()
    table = b"file,well\na.png,B2\n"
    given = import_folder(by=dataset.created_by, dataset=dataset, path="plate", table=table)
    assert (given.files, given.problems) == (1, [])


def test_folders_within_are_read_only_when_asked(dataset: Dataset, root: Path) -> None:
    import_folder(by=dataset.created_by, dataset=dataset, path="plate")
    assert _names(dataset) == ["a.png"]


@pytest.mark.parametrize(
    "path", ["..", "../", "/etc", "plate/../..", "no such", "plate\x00", "a\nb"]
)
def test_only_what_lies_below_a_root_is_imported(dataset: Dataset, root: Path, path: str) -> None:
    with pytest.raises(Rejected, match="no such folder"):
        import_folder(by=dataset.created_by, dataset=dataset, path=path)
    assert not Upload.objects.exists()


def test_links_that_leave_the_root_are_refused_by_name(dataset: Dataset, root: Path) -> None:
    (root / "plate" / "link.png").symlink_to(root.parent / "secret.png")
    (root / "plate" / "up").symlink_to(root.parent)
    (root / "out").symlink_to(root.parent)
    started = import_folder(by=dataset.created_by, dataset=dataset, path="plate", recursive=True)
    assert sorted(_names(dataset)) == ["a.png", "b.png"]
    assert started.problems == ["link.png: it leads out of the folder."]
    with pytest.raises(Rejected, match="no such folder"):
        import_folder(by=dataset.created_by, dataset=dataset, path="out")


def test_a_file_that_becomes_a_link_while_it_waits_is_refused(dataset: Dataset, root: Path) -> None:
    import_folder(by=dataset.created_by, dataset=dataset, path="plate")
    (root / "plate" / "a.png").unlink()
    (root / "plate" / "a.png").symlink_to(root.parent / "secret.png")
    upload = dataset.uploads.get()
    assert read_upload(upload.pk) == []
    upload.refresh_from_db()
    assert "replaced by a link" in upload.error
    assert not Image.objects.exists()


def test_a_file_that_went_away_meanwhile_is_refused_and_can_be_tried_again(
    dataset: Dataset, root: Path
) -> None:
    import_folder(by=dataset.created_by, dataset=dataset, path="plate")
    (root / "plate" / "a.png").rename(root / "elsewhere.png")
    upload = dataset.uploads.get()
    read_upload(upload.pk)
    upload.refresh_from_db()
    assert "No such file" in upload.error
    assert upload.can_be_tried_again


def test_an_ome_zarr_folder_is_one_image_and_the_same_bytes_each_time(
    dataset: Dataset, root: Path, tmp_path: Path
) -> None:
    store = root / "plate" / "c.zarr"
    (store / "0").mkdir(parents=True)
    (store / "zarr.json").write_text("{}")
    (store / "0" / "0.0").write_bytes(b"12")
    (store / "way out").symlink_to(root.parent / "secret.png")
    import_folder(by=dataset.created_by, dataset=dataset, path="plate")
    assert sorted(_names(dataset)) == ["a.png", "c.zarr"]
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    for packed in (first, second):
        fetch(store, packed)
        (store / "zarr.json").touch()
    assert first.read_bytes() == second.read_bytes()
    assert zipfile.ZipFile(first).namelist() == ["c.zarr/0/0.0", "c.zarr/zarr.json"]


def test_a_site_without_roots_imports_nothing(dataset: Dataset, settings: Settings) -> None:
    settings.IMPORT_ROOTS = []
    with pytest.raises(Rejected, match="IMPORT_ROOTS"):
        import_folder(by=dataset.created_by, dataset=dataset, path="/")


def test_a_folder_beyond_the_projects_share_is_refused_whole(
    dataset: Dataset, root: Path, settings: Settings
) -> None:
    settings.PROJECT_QUOTA_BYTES = len(png(seed=1)) + 10
    with pytest.raises(NoRoom):
        import_folder(by=dataset.created_by, dataset=dataset, path="plate", recursive=True)
    assert not Upload.objects.exists()


def test_only_managers_import_folders(dataset: Dataset, root: Path) -> None:
    annotator = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    with pytest.raises(PermissionDenied):
        import_folder(by=annotator, dataset=dataset, path="plate")


def _run(*arguments: str) -> str:
    output = io.StringIO()
    call_command("import_images", *arguments, stdout=output)
    return output.getvalue()


def test_a_command_imports_a_folder_with_its_table(dataset: Dataset, root: Path) -> None:
    (root / "plate" / "notes.txt").write_text("Dear diary")
    table = root / "plate" / "table.csv"
    table.write_text("file,condition,colour\na.png,drug,red\ndeep/b.png,control,\nz.png,x,\n")
    arguments = [
        str(root / "plate"), "--dataset", str(dataset.pk), "--recursive",
        "--sidecar", str(table), "--user", dataset.created_by.username,
    ]  # fmt: skip
    said = _run(*arguments)
    conditions = dict(dataset.images.values_list("name", "condition"))
    assert conditions == {"a.png": "drug", "b.png": "control"}
    assert "notes.txt: " in said
    assert "Line 1: the column “colour” is not known" in said
    assert "Line 4: there is no image z.png." in said
    assert "2 of 3 files added" in said
    assert "0 of 3 files added" in (again := _run(*arguments))
    assert "2 here already" in again


def test_a_command_makes_a_data_set_in_a_project(dataset: Dataset, root: Path) -> None:
    _run(
        str(root / "plate"), "--project", str(dataset.project_id), "--patch-size", "48",
        "--user", dataset.created_by.username,
    )  # fmt: skip
    made = dataset.project.datasets.get(name="plate")
    assert (made.patch_size, made.images.count()) == (48, 1)


def test_a_command_for_what_the_user_does_not_see_is_refused(dataset: Dataset, root: Path) -> None:
    stranger = make_dataset().created_by
    for option, key in (("--dataset", dataset.pk), ("--project", dataset.project_id)):
        with pytest.raises(CommandError, match="sees no"):
            _run(str(root / "plate"), option, str(key), "--user", stranger.username)


def test_a_manager_looks_into_the_folders_that_may_be_read(dataset: Dataset, root: Path) -> None:
    (root / ".hidden").mkdir()
    (root / "link").symlink_to(root.parent)
    (root / "stack.zarr").mkdir()
    (root / "stack.zarr" / "zarr.json").touch()
    listing = list_folder(by=dataset.created_by, dataset=dataset, path="")
    assert (listing.path, listing.above) == (str(root), None)
    assert listing.folders == [str(root / "plate")]
    assert listing.files == 1
    inner = list_folder(by=dataset.created_by, dataset=dataset, path=str(root / "plate"))
    assert (inner.above, inner.files) == (str(root), 1)
    assert inner.folders == [str(root / "plate" / "deep")]


def test_of_several_roots_one_begins_with_their_list(
    dataset: Dataset, root: Path, tmp_path: Path, settings: Settings
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    settings.IMPORT_ROOTS = [str(root), str(other), str(tmp_path / "gone")]
    listing = list_folder(by=dataset.created_by, dataset=dataset, path="")
    assert (listing.path, listing.folders) == ("", [str(root), str(other)])
    below = list_folder(by=dataset.created_by, dataset=dataset, path=str(other))
    assert below.above == ""


@pytest.mark.parametrize("path", ["..", "/", "plate/../..", "link", "nowhere", "a\x00b"])
def test_nobody_looks_elsewhere(dataset: Dataset, root: Path, path: str) -> None:
    (root / "link").symlink_to(root.parent)
    with pytest.raises(Rejected, match="no such folder"):
        list_folder(by=dataset.created_by, dataset=dataset, path=path)


def test_only_managers_look_into_folders(dataset: Dataset, root: Path) -> None:
    annotator = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    with pytest.raises(PermissionDenied):
        list_folder(by=annotator, dataset=dataset, path="")
