"""Patches about which people said different things."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.errors import Rejected
from annotations.models import Dataset, Image, ModelPatch, Project, Role, Structure, User
from annotations.services import pace, reviews, tallies
from annotations.services.agreement_report import agreement_report
from annotations.services.answers.labels import label_patches
from annotations.services.disagreements import list_disagreements
from annotations.services.own_work import own_work
from annotations.services.patches.listing import list_patches
from annotations.services.patches.query import PatchQuery
from annotations.services.people import people_of
from tests.annotations.services.team.people import NO, UNSURE, YES, Say
from tests.factories import make_member

pytestmark = pytest.mark.django_db


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
        # Each time as if it were the first.
        tallies._kept.clear()
        pace._kept.clear()
        with CaptureQueriesContext(connection) as asked:
            list_disagreements(by=manager, dataset=image.dataset, structure=structure)
            agreement_report(by=manager, dataset=image.dataset, structure=structure)
            people_of(by=manager, dataset=image.dataset)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_is_answered_later_is_listed_by_the_review_and_the_gallery(
    image: Image,
    structure: Structure,
    manager: User,
    people: list[User],
    say: Say,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tallies, "FRESH_FOR", 0.0)
    say(0, YES, NO)
    where: dict[str, Any] = {"by": manager, "dataset": image.dataset}
    query = PatchQuery(structure=structure, state="disagreement")
    assert list_disagreements(**where, structure=structure).total == 1
    assert list_patches(**where, query=query)["total"] == 1
    for person, value in zip(people, (YES, NO), strict=False):
        label_patches(by=person, image=image, structure=structure, cells=[(2, 1)], value=value)

    listed = list_disagreements(**where, structure=structure).patches

    assert [(patch.row, patch.column) for patch in listed] == [(0, 0), (2, 1)]
    assert [patch["row"] for patch in list_patches(**where, query=query)["patches"]] == [0, 2]


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


def test_of_as_many_examples_as_there_may_be_one_is_changed(
    image: Image, structure: Structure, manager: User
) -> None:
    use = ModelPatch.Use.EXAMPLE
    cells = [(number // 10, number % 10) for number in range(reviews.MOST_EXAMPLES + 1)]
    *places, last = [reviews.Place(image.dataset, structure, image.pk, *cell) for cell in cells]
    for place in places:
        reviews.keep_model_patch(by=manager, place=place, use=use, value=YES)
    made = reviews.keep_model_patch(by=manager, place=places[0], use=use, value=NO)
    assert made.value == "no"
    with pytest.raises(Rejected, match="24 examples are enough"):
        reviews.keep_model_patch(by=manager, place=last, use=use, value=YES)


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
