"""Consensus rules, decisions, agreement, disagreements, remarks and one's own work."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import (
    Assignment,
    Dataset,
    Decision,
    Image,
    Label,
    LabelChange,
    ModelPatch,
    Project,
    Repeat,
    Role,
    Structure,
    User,
)
from annotations.models.label import Answer
from annotations.services import reviews
from annotations.services.agreement_report import agreement_report
from annotations.services.consensus import consensus
from annotations.services.disagreements import list_disagreements
from annotations.services.own_work import own_work
from annotations.services.people import people_of
from tests.factories import make_dataset, make_image, make_label, make_member, make_structure

pytestmark = pytest.mark.django_db
YES, NO, UNSURE = Answer.YES, Answer.NO, Answer.UNSURE
Say = Callable[..., None]


@pytest.fixture
def image() -> Image:
    """10 rows and 10 columns."""
    return make_image(dataset=make_dataset(patch_size=32), height=320, width=320)


@pytest.fixture
def structure(image: Image) -> Structure:
    return make_structure(project=image.dataset.project)


@pytest.fixture
def manager(image: Image) -> User:
    return image.dataset.created_by


@pytest.fixture
def people(image: Image) -> list[User]:
    return [make_member(project=image.dataset.project).user for _ in range(3)]


@pytest.fixture
def say(image: Image, structure: Structure, people: list[User]) -> Say:
    """The answers of the three to the n-th patch of the first row; None: no answer."""

    def said(column: int, *values: Answer | None, row: int = 0) -> None:
        for person, value in zip(people, values, strict=False):
            if value is not None:
                make_label(
                    image=image,
                    structure=structure,
                    annotator=person,
                    row=row,
                    column=column,
                    value=value,
                )

    return said


def _agreed(structure: Structure, rule: str, least: float = 0.9) -> dict[int, bool]:
    """By column, of the first row."""
    Project.objects.update(consensus=rule, consensus_probability=least)
    dataset = Dataset.objects.get(project=structure.project)
    found = consensus(dataset=dataset, structures=[structure.pk])
    return {answer.column: answer.present for answer in found if answer.row == 0}


def test_each_rule_decides_what_it_can(structure: Structure, say: Say) -> None:
    say(0, YES, YES, NO)
    say(1, YES, YES, UNSURE)
    say(2, YES, NO)
    say(3, NO)
    say(4, UNSURE)
    assert _agreed(structure, "majority") == {0: True, 1: True, 3: False}
    assert _agreed(structure, "unanimous") == {1: True, 3: False}
    assert _agreed(structure, "manager") == {}


def test_while_little_is_known_of_people_the_posterior_takes_them_alike(
    structure: Structure, say: Say
) -> None:
    say(0, YES, YES, NO)
    say(1, YES, YES)
    say(2, NO)
    say(3, YES, NO)
    say(4, UNSURE)
    assert _agreed(structure, "posterior", 0.9) == {0: True, 1: True, 2: False}
    # One answer is right 95 times of 100, two are 99.7.
    assert _agreed(structure, "posterior", 0.97) == {1: True}


def test_the_posterior_believes_those_who_are_right(structure: Structure, say: Say) -> None:
    """Two agree on 80 patches; the third answers by lot, and is outvoted by one of them alone."""
    for number in range(80):
        row, column = divmod(number + 10, 10)
        truth = YES if number % 2 else NO
        say(column, truth, truth, YES if number % 4 < 2 else NO, row=row)
    say(0, YES, None, NO)
    say(1, None, None, YES)
    assert _agreed(structure, "posterior", 0.9) == {0: True}


def _cells(image: Image, *columns: int) -> list[tuple[int, int, int]]:
    return [(image.pk, 0, column) for column in columns]


def test_a_decision_outweighs_the_answers_and_changes_none(
    image: Image, structure: Structure, manager: User, say: Say
) -> None:
    say(0, YES, YES, NO)
    say(1, YES, NO)
    say(2, YES)
    before = list(Label.objects.order_by("pk").values_list("value", flat=True))
    first, second, third, empty = _cells(image, 0, 1, 2, 5)
    where: dict[str, Any] = {"by": manager, "dataset": image.dataset, "structure": structure}
    decided = [(first, NO), (second, YES), (third, UNSURE), (empty, NO)]
    assert reviews.decide(**where, decided=decided) == 4
    for rule in ("majority", "manager", "unanimous"):
        assert _agreed(structure, rule) == {0: False, 1: True, 5: False}
    assert list(Label.objects.order_by("pk").values_list("value", flat=True)) == before
    assert reviews.decide(**where, decided=[(first, YES)]) == 1
    assert Decision.objects.get(column=0).value == "yes"
    assert reviews.undecide(**where, cells=[first, third, empty]) == 3
    assert _agreed(structure, "majority") == {0: True, 1: True, 2: True}


def test_decisions_about_what_there_is_not_are_refused_whole(
    image: Image, structure: Structure, manager: User
) -> None:
    decided = [((image.pk, 0, 0), NO), ((image.pk, 10, 0), NO)]
    with pytest.raises(Rejected, match="10 rows"):
        reviews.decide(by=manager, dataset=image.dataset, structure=structure, decided=decided)
    assert not Decision.objects.exists()


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


def test_disagreements_are_listed_part_by_part_until_they_are_decided(
    image: Image, structure: Structure, manager: User, people: list[User], say: Say
) -> None:
    say(0, YES, NO)
    say(1, YES, YES)
    say(2, NO, UNSURE, YES)
    say(3, NO, YES)
    where: dict[str, Any] = {"by": manager, "dataset": image.dataset, "structure": structure}
    first = list_disagreements(**where, limit=2)
    assert (first.total, [patch.column for patch in first.patches]) == (3, [0, 2])
    assert [(one["annotator"], one["value"]) for one in first.patches[1].answers] == [
        (people[0].username, "no"), (people[1].username, "unsure"), (people[2].username, "yes"),
    ]  # fmt: skip
    rest = list_disagreements(**where, limit=2, cursor=first.cursor or 0)
    assert ([patch.column for patch in rest.patches], rest.cursor) == ([3], None)
    reviews.decide(**where, decided=[((image.pk, 0, 2), NO)])
    assert [patch.column for patch in list_disagreements(**where).patches] == [0, 3]
    everything = list_disagreements(**where, decided=True).patches
    assert [patch.decision for patch in everything] == [None, "no", None]


def test_a_disagreement_says_how_probable_yes_is(
    image: Image, structure: Structure, manager: User, say: Say
) -> None:
    """While nobody can be told apart, everybody is right 95 times of 100."""
    say(0, YES, NO)
    say(1, YES, NO, YES)
    say(2, NO, NO, YES)
    found = list_disagreements(by=manager, dataset=image.dataset, structure=structure)
    assert [patch.probability for patch in found.patches] == pytest.approx([0.5, 0.95, 0.05])


def test_more_disagreements_take_no_more_queries(
    image: Image, structure: Structure, manager: User, say: Say
) -> None:
    counts = []
    for row in range(2):
        for column in range(1 + 8 * row):
            say(column, YES, NO, row=row)
        with CaptureQueriesContext(connection) as asked:
            list_disagreements(by=manager, dataset=image.dataset, structure=structure)
            agreement_report(by=manager, dataset=image.dataset, structure=structure)
            people_of(by=manager, dataset=image.dataset)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_in_a_blind_project_managers_alone_see_what_others_said(
    image: Image, structure: Structure, people: list[User]
) -> None:
    viewer = make_member(project=image.dataset.project, role=Role.VIEWER).user
    for person in (people[0], viewer):
        for ask in (agreement_report, list_disagreements):
            with pytest.raises(PermissionDenied, match="blind"):
                ask(by=person, dataset=image.dataset, structure=structure)
        with pytest.raises(PermissionDenied, match="blind"):
            people_of(by=person, dataset=image.dataset)
    Project.objects.update(blind=False)
    dataset = Dataset.objects.get()
    assert people_of(by=people[0], dataset=dataset) == []
    assert agreement_report(by=viewer, dataset=dataset, structure=structure).patches == 0


def test_a_patch_is_sent_back_to_somebody_who_may_answer(
    image: Image, structure: Structure, manager: User, people: list[User]
) -> None:
    place = reviews.Place(image.dataset, structure, image.pk, 0, 0)
    sent = reviews.remark(by=manager, place=place, text="", sent_to=people[0])
    assert own_work(user=people[0]).sent_back == [sent]
    with pytest.raises(PermissionDenied):
        reviews.finish_remark(by=people[1], remark=sent)
    assert reviews.finish_remark(by=people[0], remark=sent).done_at
    assert own_work(user=people[0]).sent_back == []
    viewer = make_member(project=image.dataset.project, role=Role.VIEWER).user
    with pytest.raises(Rejected, match="may not answer"):
        reviews.remark(by=manager, place=place, text="", sent_to=viewer)
    with pytest.raises(Rejected, match="Write what"):
        reviews.remark(by=manager, place=place, text="  ")


def test_a_known_answer_is_changed_and_taken_away(
    image: Image, structure: Structure, manager: User, people: list[User]
) -> None:
    place = reviews.Place(image.dataset, structure, image.pk, 0, 0)
    use = ModelPatch.Use.CALIBRATION
    for value in (YES, NO):
        made = reviews.keep_model_patch(by=manager, place=place, use=use, value=value)
    assert ModelPatch.objects.get().value == "no"
    with pytest.raises(PermissionDenied):
        reviews.drop_model_patch(by=people[0], patch=made)
    reviews.drop_model_patch(by=manager, patch=made)
    outside = reviews.Place(image.dataset, structure, image.pk, 10, 0)
    with pytest.raises(Rejected, match="10 rows"):
        reviews.keep_model_patch(by=manager, place=outside, use=use, value=YES)


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
