"""How well people agree with each other, with known answers and with themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotations.models import (
    Assignment,
    Image,
    Label,
    LabelChange,
    ModelPatch,
    Repeat,
    Structure,
    User,
)
from annotations.services.agreement_report import agreement_report
from annotations.services.own_work import own_work
from annotations.services.people import people_of
from tests.annotations.services.team.people import NO, UNSURE, YES, Say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_agreement_is_told_of_all_pairs_and_people(
    image: Image, structure: Structure, manager: User, people: list[User], say: Say
) -> None:
    """Two pairs of answers of three people; the third differs on one of four patches."""
    for column, values in enumerate(((YES, YES, YES), (NO, NO, NO), (YES, YES, NO), (NO, NO, NO))):
        say(column, *values)
    say(4, UNSURE, YES)
    report = agreement_report(by=manager, dataset=image.dataset, structure=structure)
    assert (report.patches, report.shared, report.disagreeing) == (5, 4, 1)
    kappas = {(pair.first, pair.second): pair.kappa for pair in report.pairs}
    first, second, third = (person.pk for person in people)
    # Observed 3/4, by chance 2/4 * 1/4 + 2/4 * 3/4 = 1/2.
    assert kappas == {(first, second): 1, (first, third): 0.5, (second, third): 0.5}
    assert report.raters == 3
    assert report.fleiss == pytest.approx((5 / 6 - 74 / 144) / (1 - 74 / 144))
    one = report.people[0]
    assert (one.answers, one.yes, one.no, one.unsure, one.with_others) == (5, 2, 2, 1, 1)
    assert report.people[2].with_others == 0.75
    assert [week.patches for week in report.weeks] == [4]
    assert report.weeks[0].alpha == report.alpha
    assert report.weeks[0].pairs == report.pairs


def test_people_are_compared_with_known_answers_and_with_themselves(
    image: Image, structure: Structure, manager: User, people: list[User], say: Say
) -> None:
    where: dict[str, Any] = {"image": image, "structure": structure, "row": 0}
    for column, value in enumerate((YES, NO)):
        ModelPatch.objects.create(
            **where, column=column, use="calibration", value=value, by=manager
        )
    say(0, YES)
    say(1, YES)
    say(2, YES)
    for column, second in ((0, YES), (1, NO), (2, YES)):
        Repeat.objects.create(
            **where, column=column, annotator=people[0], first=YES, second=second,
            at=timezone.now(),
        )  # fmt: skip
    report = agreement_report(by=manager, dataset=image.dataset, structure=structure)
    (one,) = report.people
    assert (one.with_known, one.with_self, one.repeats) == (0.5, 2 / 3, 3)
    own = own_work(user=people[0])
    assert (own.with_known, own.with_self) == (0.5, 2 / 3)


def test_without_answers_there_is_nothing_to_agree_on(
    image: Image, structure: Structure, manager: User
) -> None:
    report = agreement_report(by=manager, dataset=image.dataset, structure=structure)
    assert (report.patches, report.alpha, report.fleiss, report.pairs) == (0, None, None, [])


def test_people_are_told_how_much_they_did_and_how_fast(
    image: Image, structure: Structure, manager: User, people: list[User], say: Say
) -> None:
    say(0, YES, NO)
    say(1, YES)
    Label.objects.filter(annotator=people[1]).update(updated_at=timezone.now() - timedelta(days=2))
    for column, took in enumerate((1000, 3000, 9_000_000)):
        LabelChange.objects.create(
            image=image, structure=structure, annotator=people[0], row=0, column=column,
            old="", new="yes", at=timezone.now(), took_ms=took,
        )  # fmt: skip
    done = {person.id: person for person in people_of(by=manager, dataset=image.dataset)}
    first, second = done[people[0].pk], done[people[1].pk]
    assert (first.answers, first.today, first.seconds_per_answer) == (2, 2, 2.0)
    assert (second.answers, second.today, second.seconds_per_answer) == (1, 0, None)
    Assignment.objects.create(
        dataset=image.dataset, structure=structure, annotator=people[0], share=0.5
    )
    own = own_work(user=people[0])
    assert (own.answers, own.today, own.seconds_per_answer) == (2, 2, 2.0)
    assert [(task.wanted, task.answered) for task in own.tasks] == [(50, 2)]
