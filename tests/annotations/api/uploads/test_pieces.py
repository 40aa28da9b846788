"""A file arrives piece by piece, and goes on where it stopped."""

import io

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from annotations.models import Dataset, Upload
from annotations.services.images.uploads import receive_piece
from tests.annotations.api.uploads.sending import PIECE, TUS, announce, head, send
from tests.factories import make_upload
from tests.support.clients import client_of
from tests.support.pictures import png

pytestmark = pytest.mark.django_db


def test_a_file_arrives_in_pieces_and_goes_to_a_worker_once(
    dataset: Dataset, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    content = png()
    answer = announce(dataset, len(content), filename="plate 1/a.png", condition="drug")
    assert (answer.status_code, answer["Tus-Resumable"]) == (201, "1.0.0")
    upload = Upload.objects.get()
    assert answer["Location"] == f"/api/uploads/{upload.key}/"
    assert (upload.name, upload.details["condition"]) == ("a.png", "drug")
    first = send(upload, 0, content[:700])
    assert (first.status_code, first["Upload-Offset"]) == (204, "700")
    assert head(upload)["Upload-Offset"] == "700"
    with django_capture_on_commit_callbacks() as callbacks:
        last = send(upload, 700, content[700:])
    assert last["Upload-Offset"] == str(len(content))
    upload.refresh_from_db()
    assert upload.state == Upload.State.RECEIVED
    assert upload.path.read_bytes() == content
    assert len(callbacks) == 1


def test_the_first_piece_may_come_with_the_announcement(dataset: Dataset) -> None:
    content = png()
    answer = client_of(dataset.created_by).post(
        f"/api/datasets/{dataset.pk}/uploads/",
        content,
        content_type=PIECE,
        headers={**TUS, "Upload-Length": str(len(content))},
    )
    assert (answer.status_code, answer["Upload-Offset"]) == (201, str(len(content)))
    assert Upload.objects.get().state == Upload.State.RECEIVED


def test_what_is_spoken_is_said(dataset: Dataset, settings: Settings) -> None:
    settings.MAX_IMAGE_BYTES = 12345
    answer = client_of(dataset.created_by).options(f"/api/datasets/{dataset.pk}/uploads/")
    assert (answer.status_code, answer["Tus-Version"]) == (204, "1.0.0")
    assert answer["Tus-Max-Size"] == "12345"
    said = set(answer["Tus-Extension"].split(","))
    assert said == {"creation", "creation-with-upload", "termination", "expiration"}


@pytest.mark.parametrize("version", [None, "0.2.2"])
def test_another_version_is_refused(dataset: Dataset, version: str | None) -> None:
    headers = {"Upload-Length": "5"} | ({"Tus-Resumable": version} if version else {})
    answer = client_of(dataset.created_by).post(
        f"/api/datasets/{dataset.pk}/uploads/", headers=headers
    )
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    assert not Upload.objects.exists()


def test_where_an_upload_stands_is_what_is_on_disk(dataset: Dataset) -> None:
    """A server that was killed between a piece and its row has lost nothing and invents nothing."""
    upload = make_upload(dataset=dataset, content=b"x" * 300, byte_count=1000)
    answer = head(upload)
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("300", "1000")
    assert answer["Cache-Control"] == "no-store"
    assert "Upload-Expires" in answer


@pytest.mark.parametrize("offset", [0, 299, 301, 1000])
def test_a_piece_from_elsewhere_is_refused(dataset: Dataset, offset: int) -> None:
    upload = make_upload(dataset=dataset, content=b"x" * 300, byte_count=1000)
    answer = send(upload, offset, b"y" * 10)
    assert answer.status_code == 409
    assert "byte 300" in answer.json()["detail"]
    assert upload.path.read_bytes() == b"x" * 300


def test_of_two_senders_at_once_one_is_refused(dataset: Dataset) -> None:
    """The first has read its bytes from a slow line; meanwhile the second sends them all."""
    upload = make_upload(dataset=dataset, content=b"", byte_count=20)

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            send(upload, 0, b"b" * 20)
            return b"a" * 10

    with pytest.raises(Exception, match="byte 20") as refusal:
        receive_piece(by=upload.by, upload=upload, offset=0, content=Slow())
    assert getattr(refusal.value, "conflict", False)
    assert upload.path.read_bytes() == b"b" * 20


def test_more_bytes_than_announced_are_refused(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, content=b"", byte_count=10)
    answer = send(upload, 0, b"x" * 11)
    assert answer.status_code == 400
    assert upload.path.stat().st_size <= 10


def test_a_connection_that_breaks_leaves_what_arrived(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, content=b"", byte_count=2**20)
    given = iter([b"x" * 1000, b"y" * 500])

    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            try:
                return next(given)
            except StopIteration:
                raise ConnectionResetError from None

    with pytest.raises(ConnectionResetError):
        receive_piece(by=upload.by, upload=upload, offset=0, content=Breaking())
    assert head(upload)["Upload-Offset"] == "1500"


def test_another_kind_of_body_is_refused(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, byte_count=10)
    assert send(upload, 0, b"{}", kind="application/json").status_code == 415


@pytest.mark.parametrize("length", ["", "-1", "1.5", "x", "9" * 40])
def test_a_length_has_to_be_a_number(dataset: Dataset, length: str) -> None:
    answer = client_of(dataset.created_by).post(
        f"/api/datasets/{dataset.pk}/uploads/", headers={**TUS, "Upload-Length": length}
    )
    assert answer.status_code == 400
    assert not Upload.objects.exists()


def test_a_disk_that_fills_up_meanwhile_keeps_what_arrived(dataset: Dataset) -> None:
    """/dev/full answers every write with the error of a full disk."""
    upload = make_upload(dataset=dataset, byte_count=10)
    upload.path.unlink()
    upload.path.symlink_to("/dev/full")
    answer = send(upload, 0, b"x" * 10)
    assert answer.status_code == 507
    assert "disk is full" in answer.json()["detail"]
    upload.refresh_from_db()
    assert upload.state == Upload.State.RECEIVING


def test_an_empty_file_is_complete_at_once(dataset: Dataset) -> None:
    assert announce(dataset, 0, filename="a.png").status_code == 201
    assert Upload.objects.get().state == Upload.State.RECEIVED
