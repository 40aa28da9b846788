"""The time at which a person answered, by a clock that may be wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from annotations.models import Image, Label, User
from annotations.services.answer_times import EPOCH
from annotations.services.answers.batches import record_answers
from tests.annotations.services.answers.telling import Make, minutes_ago, values

pytestmark = pytest.mark.django_db


def test_a_time_to_come_is_now(image: Image, alice: User, given: Make) -> None:
    start = timezone.now()
    answers = [given("yes", at=start + timedelta(days=400))]
    record_answers(by=alice, dataset=image.dataset, answers=answers)
    assert start <= Label.objects.get().updated_at <= timezone.now()


def test_a_clock_that_is_wrong_is_put_right(image: Image, alice: User, given: Make) -> None:
    """A tablet an hour behind answers after a computer whose clock is right."""
    record_answers(by=alice, dataset=image.dataset, answers=[given("yes", at=minutes_ago(5))])
    tablet = timezone.now() - timedelta(hours=1)
    answers = [given("no", at=tablet - timedelta(minutes=1))]
    record_answers(by=alice, dataset=image.dataset, answers=answers, clock=tablet)
    assert values() == {(0, 0): "no"}


def test_a_second_thought_stands_though_the_first_was_long_under_way(
    image: Image, alice: User, given: Make
) -> None:
    """The first batch takes eight seconds to arrive; meanwhile the answer is changed."""
    first = timezone.now() - timedelta(seconds=10)
    for value, after, sent in (("yes", 0, 2), ("no", 3, 10)):
        answers = [given(value, at=first + timedelta(seconds=after))]
        clock = first + timedelta(seconds=sent)
        record_answers(by=alice, dataset=image.dataset, answers=answers, clock=clock)
    assert values() == {(0, 0): "no"}


def test_an_answer_of_years_ago_is_taken(image: Image, alice: User, given: Make) -> None:
    answers = [given("yes", at=minutes_ago(60 * 24 * 3000))]
    assert record_answers(by=alice, dataset=image.dataset, answers=answers).changed == 1


@pytest.mark.parametrize(("at", "clock"), [(1970, 9999), (9999, 1970)])
def test_however_wrong_a_clock_is_an_answer_has_a_time_that_has_been(
    image: Image, alice: User, given: Make, at: int, clock: int
) -> None:
    """A time that dates cannot hold would keep all answers from being read."""
    answers = [given("yes", at=datetime(at, 1, 1, tzinfo=UTC))]
    shown = datetime(clock, 12, 31, tzinfo=UTC)
    record_answers(by=alice, dataset=image.dataset, answers=answers, clock=shown)
    assert EPOCH <= Label.objects.get().updated_at <= timezone.now()
