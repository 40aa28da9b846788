"""Remarks over HTTP: which of them come to whom."""

import pytest

from annotations.models import Image, Remark, Role, User
from tests.factories import make_image, make_member, make_structure
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def _texts(image: Image, user: User, query: str) -> list[str]:
    address = f"/api/datasets/{image.dataset_id}/remarks/{query}"
    return [one["text"] for one in client_of(user).get(address).json()]


def test_what_was_sent_to_somebody_can_be_asked_for_alone() -> None:
    image = make_image()
    project = image.dataset.project
    alice = image.dataset.created_by
    assert alice is not None
    bob = make_member(project=project, role=Role.ANNOTATOR).user
    structure = make_structure(project=project)
    for text, sent_to in (("to bob", bob), ("to alice", alice), ("to nobody", None)):
        Remark.objects.create(
            image=image, structure=structure, row=0, column=0, text=text, by=alice, sent_to=sent_to
        )
    assert _texts(image, alice, "") == ["to bob", "to alice", "to nobody"]
    assert _texts(image, alice, "?open=1&mine=1") == ["to alice"]
    assert _texts(image, bob, "?open=1&mine=1") == ["to bob"]
    done = Remark.objects.get(text="to bob")
    assert client_of(bob).post(f"/api/remarks/{done.pk}/done/").status_code == 200
    assert _texts(image, bob, "?open=1&mine=1") == []
    assert _texts(image, bob, "?mine=1") == ["to bob"]
