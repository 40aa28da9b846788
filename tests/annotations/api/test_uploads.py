"""Files that are sent in pieces over HTTP (tus 1.0)."""

import base64
import io
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from annotations.jobs.tidying import stale_uploads, tidy
from annotations.models import Dataset, Role, Upload, User
from annotations.services.uploads import receive_piece
from tests.factories import make_dataset, make_image, make_member, make_upload, make_user
from tests.support.clients import client_of
from tests.support.pictures import png

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def files(data_root: Path) -> Path:
    """The folder of all files."""
    return data_root / "files"


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset(patch_size=32)


def _metadata(**values: str | bytes) -> str:
    return ",".join(
        f"{key} {base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode()}"
        for key, value in values.items()
    )


def _announce(dataset: Dataset, length: int, user: User | None = None, **metadata: Any) -> Any:
    client = client_of(user or dataset.created_by)
    headers = {**TUS, "Upload-Length": str(length)}
    if metadata:
        headers["Upload-Metadata"] = _metadata(**metadata)
    return client.post(f"/api/datasets/{dataset.pk}/uploads/", headers=headers)


def _send(
    upload: Upload, offset: int, content: bytes, user: User | None = None, kind: str = PIECE
) -> Any:
    return client_of(user or upload.by).patch(
        f"/api/uploads/{upload.key}/",
        content,
        content_type=kind,
        headers={**TUS, "Upload-Offset": str(offset)},
    )


def _head(upload: Upload) -> Any:
    return client_of(upload.by).head(f"/api/uploads/{upload.key}/", headers=TUS)


def test_a_file_arrives_in_pieces_and_goes_to_a_worker_once(
    dataset: Dataset, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    content = png()
    answer = _announce(dataset, len(content), filename="plate 1/a.png", condition="drug")
    assert (answer.status_code, answer["Tus-Resumable"]) == (201, "1.0.0")
    upload = Upload.objects.get()
    assert answer["Location"] == f"/api/uploads/{upload.key}/"
    assert (upload.name, upload.details["condition"]) == ("a.png", "drug")
    first = _send(upload, 0, content[:700])
    assert (first.status_code, first["Upload-Offset"]) == (204, "700")
    assert _head(upload)["Upload-Offset"] == "700"
    with django_capture_on_commit_callbacks() as callbacks:
        last = _send(upload, 700, content[700:])
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
    answer = _head(upload)
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("300", "1000")
    assert answer["Cache-Control"] == "no-store"
    assert "Upload-Expires" in answer


@pytest.mark.parametrize("offset", [0, 299, 301, 1000])
def test_a_piece_from_elsewhere_is_refused(dataset: Dataset, offset: int) -> None:
    upload = make_upload(dataset=dataset, content=b"x" * 300, byte_count=1000)
    answer = _send(upload, offset, b"y" * 10)
    assert answer.status_code == 409
    assert "byte 300" in answer.json()["detail"]
    assert upload.path.read_bytes() == b"x" * 300


def test_of_two_senders_at_once_one_is_refused(dataset: Dataset) -> None:
    """The first has read its bytes from a slow line; meanwhile the second sends them all."""
    upload = make_upload(dataset=dataset, content=b"", byte_count=20)

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            _send(upload, 0, b"b" * 20)
            return b"a" * 10

    with pytest.raises(Exception, match="byte 20") as refusal:
        receive_piece(by=upload.by, upload=upload, offset=0, content=Slow())
    assert getattr(refusal.value, "conflict", False)
    assert upload.path.read_bytes() == b"b" * 20


def test_more_bytes_than_announced_are_refused(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, content=b"", byte_count=10)
    answer = _send(upload, 0, b"x" * 11)
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
    assert _head(upload)["Upload-Offset"] == "1500"


def test_another_kind_of_body_is_refused(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, byte_count=10)
    assert _send(upload, 0, b"{}", kind="application/json").status_code == 415


@pytest.mark.parametrize("length", ["", "-1", "1.5", "x", "9" * 40])
def test_a_length_has_to_be_a_number(dataset: Dataset, length: str) -> None:
    answer = client_of(dataset.created_by).post(
        f"/api/datasets/{dataset.pk}/uploads/", headers={**TUS, "Upload-Length": length}
    )
    assert answer.status_code == 400
    assert not Upload.objects.exists()


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
    assert _announce(dataset, 5, filename=given).status_code == 201
    assert Upload.objects.get().name == kept


def test_metadata_that_is_no_base64_is_refused(dataset: Dataset) -> None:
    answer = client_of(dataset.created_by).post(
        f"/api/datasets/{dataset.pk}/uploads/",
        headers={**TUS, "Upload-Length": "5", "Upload-Metadata": "filename é!"},
    )
    assert answer.status_code == 400


def test_a_source_on_the_server_cannot_be_smuggled_in(dataset: Dataset) -> None:
    _announce(dataset, 5, filename="a.png", source="/etc/passwd")
    assert "source" not in Upload.objects.get().details


def test_a_file_above_the_limit_is_refused_before_it_is_sent(
    dataset: Dataset, settings: Settings
) -> None:
    settings.MAX_IMAGE_BYTES = 1000
    answer = _announce(dataset, 1001, filename="a.png")
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
    assert _announce(dataset, 500).status_code == 201
    answer = _announce(dataset, 1, filename="b.png")
    assert answer.status_code == 507
    assert "PROJECT_QUOTA_BYTES" in answer.json()["detail"]


def test_a_disk_without_room_takes_nothing(dataset: Dataset, settings: Settings) -> None:
    settings.MIN_FREE_DISK_BYTES = 2**60
    answer = _announce(dataset, 10, filename="a.png")
    assert answer.status_code == 507
    assert "disk has no room" in answer.json()["detail"]
    assert not Upload.objects.exists()


def test_a_disk_that_fills_up_meanwhile_keeps_what_arrived(dataset: Dataset) -> None:
    """/dev/full answers every write with the error of a full disk."""
    upload = make_upload(dataset=dataset, byte_count=10)
    upload.path.unlink()
    upload.path.symlink_to("/dev/full")
    answer = _send(upload, 0, b"x" * 10)
    assert answer.status_code == 507
    assert "disk is full" in answer.json()["detail"]
    upload.refresh_from_db()
    assert upload.state == Upload.State.RECEIVING


def test_an_empty_file_is_complete_at_once(dataset: Dataset) -> None:
    assert _announce(dataset, 0, filename="a.png").status_code == 201
    assert Upload.objects.get().state == Upload.State.RECEIVED


def test_a_cancelled_upload_leaves_nothing(
    dataset: Dataset, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    upload = make_upload(dataset=dataset, content=b"x" * 5, byte_count=10)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(upload.by).delete(f"/api/uploads/{upload.key}/")
    assert answer.status_code == 204
    assert not upload.path.exists()
    assert _head(upload).status_code == 404


def test_a_piece_for_a_cancelled_upload_makes_no_file(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, byte_count=10)
    upload.path.unlink()
    assert _send(upload, 0, b"x" * 10).status_code == 409
    assert not upload.path.exists()


def test_the_list_has_ones_own_files_that_are_not_done(dataset: Dataset) -> None:
    mine = make_upload(dataset=dataset, content=b"x" * 5, byte_count=10, name="a.png")
    make_upload(dataset=dataset, state=Upload.State.DONE)
    make_upload(dataset=dataset, by=make_member(project=dataset.project).user)
    listed = client_of(mine.by).get(f"/api/datasets/{dataset.pk}/uploads/").json()
    assert [row["name"] for row in listed] == ["a.png"]
    assert (listed[0]["received"], listed[0]["byte_count"], listed[0]["state"]) == (
        5, 10, "receiving",
    )  # fmt: skip


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.ANNOTATOR, Role.MANAGER])
def test_nobody_reaches_the_upload_of_another(dataset: Dataset, role: Role | None) -> None:
    upload = make_upload(dataset=dataset, content=b"x" * 5, byte_count=10)
    other = make_user() if role is None else make_member(project=dataset.project, role=role).user
    client, address = client_of(other), f"/api/uploads/{upload.key}/"
    assert client.head(address, headers=TUS).status_code == 404
    assert _send(upload, 5, b"y" * 5, other).status_code == 404
    assert client.delete(address).status_code == 404
    assert client.post(f"{address}retry/").status_code == 404
    assert upload.path.read_bytes() == b"x" * 5


def test_nobody_reaches_an_upload_without_signing_in(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, byte_count=10)
    client, address = client_of(None), f"/api/uploads/{upload.key}/"
    assert client.head(address, headers=TUS).status_code == 401
    assert client.delete(address).status_code == 401
    assert client.patch(address, b"x", content_type=PIECE, headers=TUS).status_code == 401
    assert client.post(f"{address}retry/").status_code == 401


def test_who_became_a_viewer_sends_no_more(dataset: Dataset) -> None:
    member = make_member(project=dataset.project, role=Role.VIEWER)
    upload = make_upload(dataset=dataset, by=member.user, byte_count=10)
    assert _send(upload, 0, b"x" * 10).status_code == 403
    assert client_of(member.user).delete(f"/api/uploads/{upload.key}/").status_code == 403


def test_an_upload_that_nobody_goes_on_with_expires(dataset: Dataset, settings: Settings) -> None:
    settings.UPLOAD_DAYS = 7
    old, fresh = (make_upload(dataset=dataset, byte_count=10) for _ in range(2))
    long_ago = timezone.now() - timedelta(days=8)
    Upload.objects.filter(pk=old.pk).update(updated_at=long_ago)
    tidy()
    # Its file was touched a moment ago: somebody sends it still.
    assert Upload.objects.count() == 2
    _age(old.path, days=8)
    tidy()
    assert list(Upload.objects.all()) == [fresh]
    assert not old.path.exists()


def test_files_without_a_row_are_removed_after_a_day(files: Path, dataset: Dataset) -> None:
    image, upload = make_image(dataset=dataset, store=True), make_upload(dataset=dataset)
    orphan, lost = files / "images" / str(make_user().pk), files / "incoming" / "of a killed server"
    named = files / "images" / "0b0c3b0e-3c1f-4c2e-9d2b-0123456789ab"
    for folder in (orphan, named):
        folder.mkdir(parents=True)
        _age(folder, days=2)
    lost.write_bytes(b"x")
    _age(lost, days=2)
    _age(image.folder, days=2)
    _age(upload.path, days=2)
    fresh = files / "incoming" / "just now"
    fresh.write_bytes(b"x")
    tidy()
    assert not lost.exists()
    assert not named.exists()
    # What has no key for a name is nobody's to remove.
    assert all(path.exists() for path in (orphan, image.store, upload.path, fresh))


def test_an_upload_whose_last_piece_a_kill_hid_is_taken_up(dataset: Dataset) -> None:
    upload = make_upload(dataset=dataset, content=b"x" * 10)
    assert stale_uploads() == []
    upload.refresh_from_db()
    assert upload.state == Upload.State.RECEIVED
    Upload.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    assert stale_uploads() == [upload.pk]


def _age(path: Path, *, days: int) -> None:
    then = time.time() - days * 86400
    os.utime(path, (then, then))
