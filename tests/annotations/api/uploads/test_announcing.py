"""What is said of a file before it is sent, and what is refused then."""

import pytest
from pytest_django import Settings

from annotations.models import Dataset, Upload
from tests.annotations.api.uploads.sending import TUS, announce
from tests.factories import make_image, make_upload
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\a.tif", "a.tif"),
        (b"caf\xe9.tif", "caf\ufffd.tif"),
        ("a\x00\nb.tif", "ab.tif"),
        ("", "image"),
    ],
)
def test_odd_names_become_harmless(dataset: Dataset, given: str | bytes, kept: str) -> None:
    assert announce(dataset, 5, filename=given).status_code == 201
    assert Upload.objects.get().name == kept


def test_metadata_that_is_no_base64_is_refused(dataset: Dataset) -> None:
    answer = client_of(dataset.created_by).post(
        f"/api/datasets/{dataset.pk}/uploads/",
        headers={**TUS, "Upload-Length": "5", "Upload-Metadata": "filename é!"},
    )
    assert answer.status_code == 400


def test_a_source_on_the_server_cannot_be_smuggled_in(dataset: Dataset) -> None:
    announce(dataset, 5, filename="a.png", source="/etc/passwd")
    assert "source" not in Upload.objects.get().details


def test_a_file_above_the_limit_is_refused_before_it_is_sent(
    dataset: Dataset, settings: Settings
) -> None:
    settings.MAX_IMAGE_BYTES = 1000
    answer = announce(dataset, 1001, filename="a.png")
    assert answer.status_code == 413
    assert answer.json()["detail"].startswith("a.png: the file is larger")
    assert not Upload.objects.exists()


def test_a_project_beyond_its_share_takes_no_more(dataset: Dataset, settings: Settings) -> None:
    """64 x 96 px of two bytes are there as two images of one file, 500 bytes are on their way."""
    settings.PROJECT_QUOTA_BYTES = 64 * 96 * 2 + 1000
    first = make_image(dataset=dataset)
    second = make_image(dataset=dataset, series=1)
    type(second).objects.filter(pk=second.pk).update(sha256=first.sha256)
    make_upload(dataset=dataset, byte_count=500)
    assert announce(dataset, 500).status_code == 201
    answer = announce(dataset, 1, filename="b.png")
    assert answer.status_code == 507
    assert "PROJECT_QUOTA_BYTES" in answer.json()["detail"]


def test_a_disk_without_room_takes_nothing(dataset: Dataset, settings: Settings) -> None:
    settings.MIN_FREE_DISK_BYTES = 2**60
    answer = announce(dataset, 10, filename="a.png")
    assert answer.status_code == 507
    assert "disk has no room" in answer.json()["detail"]
    assert not Upload.objects.exists()
