"""What a person has answered, in each data set they may see."""

import pytest
from django.utils import timezone

from annotations.models import LabelChange, Membership
from annotations.models.label import Answer
from annotations.services.own_work import own_work
from tests import factories

pytestmark = pytest.mark.django_db


def test_answers_are_counted_in_each_data_set() -> None:
    first, second = factories.make_image(), factories.make_image()
    bob = factories.make_member(project=first.dataset.project).user
    Membership.objects.create(project=second.dataset.project, user=bob, role="annotator")
    ring = factories.make_structure(project=first.dataset.project)
    line = factories.make_structure(project=second.dataset.project)
    for column, value in enumerate((Answer.YES, Answer.YES, Answer.NO)):
        factories.make_label(image=first, structure=ring, annotator=bob, column=column, value=value)
    factories.make_label(image=second, structure=line, annotator=bob, value=Answer.UNSURE)
    LabelChange.objects.create(
        image=first, structure=ring, annotator=bob, row=0, column=0,
        old="", new="yes", at=timezone.now(), took_ms=1500,
    )  # fmt: skip

    latest, earlier = own_work(user=bob).datasets

    assert (latest.dataset, latest.unsure, latest.answers) == (second.dataset_id, 1, 1)
    assert (earlier.dataset, earlier.yes, earlier.no, earlier.answers) == (
        first.dataset_id,
        2,
        1,
        3,
    )
    assert (earlier.seconds_per_answer, latest.seconds_per_answer) == (1.5, None)


def test_what_others_answered_and_what_is_out_of_sight_is_left_out() -> None:
    image = factories.make_image()
    ring = factories.make_structure(project=image.dataset.project)
    member = factories.make_member(project=image.dataset.project)
    factories.make_label(image=image, structure=ring, annotator=member.user)
    other = factories.make_member(project=image.dataset.project).user
    assert own_work(user=other).datasets == []

    member.delete()

    assert own_work(user=member.user).datasets == []
