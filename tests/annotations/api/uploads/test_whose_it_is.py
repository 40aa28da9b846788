"""Nobody reaches the upload of another."""

import pytest

from annotations.models import Dataset, Role, Upload
from tests.annotations.api.uploads.sending import PIECE, TUS, send
from tests.factories import make_member, make_upload, make_user
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


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
    assert send(upload, 5, b"y" * 5, other).status_code == 404
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
    assert send(upload, 0, b"x" * 10).status_code == 403
    assert client_of(member.user).delete(f"/api/uploads/{upload.key}/").status_code == 403
