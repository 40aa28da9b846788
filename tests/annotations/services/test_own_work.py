"""What a person has answered, in each data set they may see."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from annotations.models import Assignment, Label, LabelChange, Membership
from annotations.models.label import Answer
from annotations.services.own_work import own_work
from annotations.services.people import people_of
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


def test_today_is_the_day_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 9 in the evening in London, and 6 in the morning of the next day in Tokyo."""
    image = factories.make_image()
    ring = factories.make_structure(project=image.dataset.project)
    bob = factories.make_member(project=image.dataset.project).user
    factories.make_label(image=image, structure=ring, annotator=bob)
    now = datetime(2026, 11, 23, 21, tzinfo=UTC)
    Label.objects.update(updated_at=now - timedelta(hours=7))
    monkeypatch.setattr(timezone, "now", lambda: now)
    dataset, by = image.dataset, image.dataset.project.created_by

    def today(zone: str) -> tuple[int, int]:
        clock = ZoneInfo(zone)
        (person,) = people_of(by=by, dataset=dataset, zone=clock)
        return own_work(user=bob, zone=clock).today, person.today

    assert today("Europe/London") == (1, 1)
    assert today("Asia/Tokyo") == (0, 0)


def test_who_goes_on_after_their_share_has_done_it_and_more() -> None:
    image = factories.make_image(height=64, width=96)
    ring = factories.make_structure(project=image.dataset.project)
    bob = factories.make_member(project=image.dataset.project).user
    Assignment.objects.create(dataset=image.dataset, structure=ring, annotator=bob, share=0.5)
    for column in range(3):
        factories.make_label(image=image, structure=ring, annotator=bob, column=column)
    (task,) = own_work(user=bob).tasks
    assert (task.wanted, task.done, task.beyond) == (3, 3, 0)

    factories.make_label(image=image, structure=ring, annotator=bob, row=1)

    (task,) = own_work(user=bob).tasks
    assert (task.answered, task.done, task.beyond) == (4, 3, 1)
