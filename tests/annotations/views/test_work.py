"""A person's own page."""

import pytest
from django.urls import reverse

from annotations.models import Assignment, Label, Remark, Repeat
from annotations.models.label import Answer
from tests import factories
from tests.support.pages import said, signed_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def sent_back(**fields: object) -> Remark:
    image = factories.make_image()
    project = image.dataset.project
    given = {
        "image": image,
        "structure": factories.make_structure(project=project),
        "row": 1,
        "column": 2,
        "text": "Look at the edge.",
        "by": project.created_by,
        "sent_to": factories.make_member(project=project).user,
    }
    return Remark.objects.create(**given | fields)


def test_somebody_new_reads_what_will_be_here() -> None:
    page = text(signed_in(factories.make_user()).get(reverse("own-work")))
    assert "0 answers 0 today" in page
    assert "Nothing was sent back to you." in page
    assert "No manager has assigned patches to you." in page


def test_it_counts_answers_and_assignments() -> None:
    image = factories.make_image(height=64, width=96)
    structure = factories.make_structure(project=image.dataset.project, name="ring")
    bob = factories.make_member(project=image.dataset.project).user
    Assignment.objects.create(dataset=image.dataset, structure=structure, annotator=bob, share=0.5)
    label = factories.make_label(image=image, structure=structure, annotator=bob)
    Repeat.objects.create(
        image=image,
        structure=structure,
        row=0,
        column=0,
        annotator=bob,
        first=Answer.YES,
        second=Answer.YES,
        at=label.updated_at,
    )
    page = text(signed_in(bob).get(reverse("own-work")))
    assert "1 answer 1 today" in page
    assert f"{image.dataset.name} ring 1 of 3 patches" in page
    assert "As myself, when I was asked twice 100 %" in page
    assert "As the known answers –" in page


def test_what_was_sent_back_is_answered_here_and_gone() -> None:
    remark = sent_back()
    bob = remark.sent_to
    assert bob is not None
    label = factories.make_label(
        image=remark.image, structure=remark.structure, annotator=bob, row=1, column=2
    )
    client = signed_in(bob)
    page = text(client.get(reverse("own-work")))
    assert "Look at the edge." in page
    assert "row 2, column 3" in page
    address = reverse("remark-answer", args=[remark.pk])
    response = client.post(address, {"value": "no"}, follow=True)
    assert said(response) == "Your answer is “no” now."
    assert "Nothing was sent back to you." in text(response)
    label.refresh_from_db()
    assert label.value == Answer.NO


def test_saying_the_same_again_does_what_was_asked() -> None:
    remark = sent_back()
    bob = remark.sent_to
    assert bob is not None
    factories.make_label(
        image=remark.image, structure=remark.structure, annotator=bob, row=1, column=2
    )
    address = reverse("remark-answer", args=[remark.pk])
    response = signed_in(bob).post(address, {"value": "yes"}, follow=True)
    assert "Nothing was sent back to you." in text(response)


def test_a_word_that_is_no_answer_changes_nothing() -> None:
    remark = sent_back()
    assert remark.sent_to is not None
    address = reverse("remark-answer", args=[remark.pk])
    response = signed_in(remark.sent_to).post(address, {"value": "maybe"}, follow=True)
    assert said(response) == "Answer yes, no or unsure."
    assert not Label.objects.exists()


def test_a_patch_that_is_no_more_is_said_to_be_gone() -> None:
    remark = sent_back(row=1000)
    assert remark.sent_to is not None
    address = reverse("remark-answer", args=[remark.pk])
    response = signed_in(remark.sent_to).post(address, {"value": "no"}, follow=True)
    assert "row" in said(response).lower() or "patch" in said(response).lower()
    assert not Label.objects.exists()


def test_answers_beyond_the_share_are_told_apart() -> None:
    image = factories.make_image(height=64, width=96)
    structure = factories.make_structure(project=image.dataset.project, name="ring")
    bob = factories.make_member(project=image.dataset.project).user
    Assignment.objects.create(dataset=image.dataset, structure=structure, annotator=bob, share=0.3)
    for column in range(3):
        factories.make_label(image=image, structure=structure, annotator=bob, column=column)
    page = text(signed_in(bob).get(reverse("own-work")))
    assert "ring 2 of 2 patches, and 1 more than asked" in page
