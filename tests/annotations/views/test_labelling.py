import pytest
from django.urls import reverse

from annotations.models import Image, Role, Structure, User
from annotations.models.label import Answer
from annotations.services.answers.labels import label_patches
from annotations.services.left_out import leave_out
from tests import factories
from tests.support.pages import props, said, signed_in

pytestmark = pytest.mark.django_db


def test_the_label_screen_knows_its_image_and_who_looks() -> None:
    dataset = factories.make_dataset()
    bob = factories.make_member(project=dataset.project, role=Role.ANNOTATOR).user
    image = factories.make_image(dataset=dataset)
    response = signed_in(bob).get(reverse("label", args=[image.pk]))
    assert props(response, "label") == {
        "image": image.pk,
        "project_role": "annotator",
        "scores": False,
        "keys": {},
        "tour_seen": False,
        "urls": {"dataset": reverse("dataset", args=[dataset.pk]), "api": "/api/"},
    }
    # The island's own requests need it.
    assert "csrftoken" in response.cookies


def test_labelling_goes_to_the_image_with_the_lowest_share_of_own_answers() -> None:
    dataset = factories.make_dataset(patch_size=32)
    alice, bob = dataset.created_by, factories.make_member(project=dataset.project).user
    structure = factories.make_structure(project=dataset.project)
    small = factories.make_image(dataset=dataset, name="a.tif", height=32, width=64)
    large = factories.make_image(dataset=dataset, name="b.tif", height=64, width=128)
    client, address = signed_in(alice), reverse("dataset-label", args=[dataset.pk])

    # Nothing is answered yet: the first one.
    assert client.get(address)["Location"] == reverse("label", args=[small.pk])
    # One of two patches against one of eight.
    for image in (small, large):
        _answer(alice, image, structure, [(0, 0)])
    assert client.get(address)["Location"] == reverse("label", args=[large.pk])
    # Bob's answers are Bob's.
    _answer(bob, large, structure, [(0, column) for column in range(4)])
    assert client.get(address)["Location"] == reverse("label", args=[large.pk])
    # An image of which nothing is asked is none to label.
    leave_out(by=bob, image=large, cells=[(row, column) for row in (0, 1) for column in range(4)])
    assert client.get(address)["Location"] == reverse("label", args=[small.pk])


def _answer(by: User, image: Image, structure: Structure, cells: list[tuple[int, int]]) -> None:
    label_patches(by=by, image=image, structure=structure, cells=cells, value=Answer.YES)


def test_labelling_without_images_says_what_is_missing() -> None:
    dataset = factories.make_dataset()
    factories.make_image(dataset=dataset, state=Image.State.REFUSED, error="Empty.")
    response = signed_in(dataset.created_by).get(
        reverse("dataset-label", args=[dataset.pk]), follow=True
    )
    assert response.redirect_chain == [(reverse("dataset", args=[dataset.pk]), 302)]
    assert said(response) == "There is no image to label yet. Add images first."
