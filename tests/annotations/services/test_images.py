"""Adding images to a data set and taking them away."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Role
from annotations.services.images.images import add_image, delete_image
from tests.factories import make_dataset, make_image, make_member
from tests.support.pictures import fiji_tiff, jpeg, noise, png, png_that_claims, rgb_png

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(data_root: Path) -> Path:
    """The folder of all files."""
    return data_root / "files"


def _add(dataset: Dataset, content: bytes, name: str = "a.png") -> Image:
    return add_image(by=dataset.created_by, dataset=dataset, name=name, content=io.BytesIO(content))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_original_is_kept_byte_for_byte(files: Path) -> None:
    content = png(40, 70)
    image = _add(make_dataset(), content)
    image.refresh_from_db()
    assert image.original.read_bytes() == content
    assert image.sha256 == hashlib.sha256(content).hexdigest()
    assert image.byte_count == len(content)
    assert _files(files) == [image.original]


def test_size_and_kind_are_known_at_once() -> None:
    image = _add(make_dataset(), png(40, 70))
    image.refresh_from_db()
    assert (image.height, image.width, image.dtype, image.is_rgb) == (40, 70, "uint8", False)
    assert (image.state, image.error) == (Image.State.IMPORTING, "")
    assert len(image.channels) == 1


def test_a_colour_picture_has_three_channels() -> None:
    image = _add(make_dataset(), rgb_png())
    assert image.is_rgb
    assert [channel["name"] for channel in image.channels] == ["Red", "Green", "Blue"]


def test_a_jpeg_is_taken() -> None:
    assert _add(make_dataset(), jpeg(24, 31), "photo.jpg").width == 31


def test_a_fiji_tiff_keeps_its_pixel_size() -> None:
    planes = np.stack([noise(30, 50, seed=k).astype(np.uint16) for k in (1, 2)])
    image = _add(make_dataset(), fiji_tiff(planes, um_per_px=0.25), "cells.tif")
    image.refresh_from_db()
    assert (image.height, image.width, image.dtype) == (30, 50, "uint16")
    assert len(image.channels) == 2
    assert image.pixel_size_um == pytest.approx((0.25, 0.25), rel=1e-4)


def test_a_worker_is_asked_to_import_it_once_the_row_is_kept(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        _add(make_dataset(), png())
    assert len(callbacks) == 1


@pytest.mark.parametrize("name", ["a.png", "b.png"])
def test_the_same_bytes_are_not_taken_twice(name: str, files: Path) -> None:
    dataset, content = make_dataset(), png()
    first = _add(dataset, content, "a.png")
    with pytest.raises(Rejected, match=r"here already, as a\.png") as refusal:
        _add(dataset, content, name)
    assert refusal.value.conflict
    assert list(dataset.images.all()) == [first]
    assert _files(files) == [first.original]


def test_another_data_set_may_hold_the_same_bytes() -> None:
    first, second = _add(make_dataset(), png()), _add(make_dataset(), png())
    assert first.sha256 == second.sha256
    assert first.folder != second.folder


def test_bytes_that_were_refused_may_come_again() -> None:
    dataset, content = make_dataset(), png()
    sha256 = hashlib.sha256(content).hexdigest()
    refused = make_image(dataset=dataset, state=Image.State.REFUSED, error="No disk.")
    Image.objects.filter(pk=refused.pk).update(sha256=sha256)
    assert _add(dataset, content).sha256 == sha256


def test_a_taken_name_gets_a_number() -> None:
    dataset = make_dataset()
    names = [_add(dataset, png(seed=seed), "a.ome.tif").name for seed in (1, 2, 3)]
    assert names == ["a.ome.tif", "a.ome (2).tif", "a.ome (3).tif"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\me\\cell 1.png", "cell 1.png"),
        ("/absolute/a.png", "a.png"),
        ("  a.png ", "a.png"),
        ("a\x00b\nc.png", "abc.png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("Zelle_äöü_細胞.png", "Zelle_äöü_細胞.png"),
        ("..", "image"),
        ("", "image"),
        ("folder/", "image"),
    ],
)
def test_odd_names_become_harmless(given: str, kept: str, files: Path) -> None:
    image = _add(make_dataset(), png(), given)
    image.refresh_from_db()
    assert image.name == kept
    assert _files(files) == [image.original]


@pytest.mark.parametrize("name", ["x" * 400 + ".png", "x" * 400, "." + "y" * 400])
def test_a_long_name_is_cut_so_that_a_number_still_fits(name: str) -> None:
    dataset = make_dataset()
    first, second = (_add(dataset, png(seed=seed), name) for seed in (1, 2))
    assert first.name != second.name
    assert max(len(first.name), len(second.name)) <= 255
    assert first.name.startswith(name.lstrip(".")[:100])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"Dear diary", "no PNG image"),
        (b"%PDF-1.7 ...", "PDF"),
        (png()[:20], "damaged|PNG"),
        (png_that_claims(100_000, 100_000), "20,000 x 20,000"),
    ],
    ids=["empty", "text", "pdf", "cut in the header", "too large"],
)
def test_a_refused_file_leaves_no_row_and_no_file(content: bytes, reason: str, files: Path) -> None:
    with pytest.raises(Rejected, match=reason) as refusal:
        _add(make_dataset(), content, "report.png")
    assert refusal.value.message.startswith("report.png: ")
    assert not Image.objects.exists()
    assert not _files(files)


def test_a_file_above_the_limit_is_refused_while_it_arrives(
    settings: Settings, files: Path
) -> None:
    settings.MAX_IMAGE_BYTES = 1000
    content = png(100, 100)
    assert len(content) > 1000
    with pytest.raises(Rejected, match="larger than"):
        _add(make_dataset(), content)
    assert not _files(files)


def test_an_upload_that_breaks_off_leaves_nothing(files: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError

    dataset = make_dataset()
    with pytest.raises(ConnectionResetError):
        add_image(by=dataset.created_by, dataset=dataset, name="a.png", content=Broken())
    assert not _files(files)


def test_viewers_and_strangers_upload_nothing(files: Path) -> None:
    dataset = make_dataset()
    viewer = make_member(project=dataset.project, role=Role.VIEWER).user
    stranger = make_member(project=make_dataset().project, role=Role.MANAGER).user
    for user in (viewer, stranger):
        with pytest.raises(PermissionDenied):
            add_image(by=user, dataset=dataset, name="a.png", content=io.BytesIO(png()))
    assert not _files(files)


def test_a_deleted_image_takes_its_files_along(
    files: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    image = _add(make_dataset(), png())
    with django_capture_on_commit_callbacks(execute=True):
        delete_image(by=image.dataset.created_by, image=image)
    assert not Image.objects.exists()
    assert not _files(files)


def test_annotators_delete_refused_images_only() -> None:
    dataset = make_dataset()
    annotator = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    ready = make_image(dataset=dataset)
    refused = make_image(dataset=dataset, state=Image.State.REFUSED, error="The file is empty.")
    delete_image(by=annotator, image=refused)
    with pytest.raises(PermissionDenied):
        delete_image(by=annotator, image=ready)
    assert list(Image.objects.all()) == [ready]
