"""The page of a team: plan, assignments, people, agreement."""

from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Assignment, Dataset, Image, LabellingPlan, Role, Structure, User
from annotations.models.label import Answer
from tests import factories
from tests.support.pages import props, said, signed_in, text

pytestmark = pytest.mark.django_db


class Team(NamedTuple):
    alice: Client
    dataset: Dataset
    structure: Structure
    image: Image
    bob: User
    carol: User
    address: str


@pytest.fixture
def team() -> Team:
    """Alice manages, Bob and Carol answer."""
    project = factories.make_project(manager=factories.make_user("alice"))
    bob, carol = factories.make_user("bob"), factories.make_user("carol")
    for person in (bob, carol):
        factories.make_member(project=project, user=person)
    dataset = factories.make_dataset(project=project, patch_size=32)
    image = factories.make_image(dataset=dataset, height=320, width=320)
    return Team(
        signed_in(project.created_by),
        dataset,
        factories.make_structure(project=project, name="ring"),
        image,
        bob,
        carol,
        reverse("team", args=[dataset.pk]),
    )


def answer(team: Team, person: User, values: str) -> None:
    """One answer per letter to the patches of the first row."""
    for column, letter in enumerate(values):
        factories.make_label(
            image=team.image,
            structure=team.structure,
            annotator=person,
            column=column,
            value=Answer.YES if letter == "y" else Answer.NO,
        )


def test_before_anybody_answers_the_page_says_what_to_do(team: Team) -> None:
    page = text(team.alice.get(team.address))
    assert "Nobody has answered yet." in page
    assert "Nobody has answered about ring yet." in page
    assert "Nobody is assigned, so everybody who may answer" in page


def test_answers_to_different_patches_tell_nothing_about_agreement(team: Team) -> None:
    answer(team, team.bob, "yyn")
    page = text(team.alice.get(team.address))
    assert "bob 3 3" in page
    assert "Nobody answered the same patch yet" in page


def test_agreement_is_told_for_all_people_and_pairs(team: Team) -> None:
    answer(team, team.bob, "yynn")
    answer(team, team.carol, "ynnn")
    page = text(team.alice.get(team.address))
    assert "Patches with a yes or no of two or more people 4 of 4" in page
    assert "Patches with a yes and a no 1 · Review" in page
    # Of 4 patches 3 the same; by chance half: (3/4 - 1/2) / (1 - 1/2).
    assert "bob and carol 4 75 % 0.50" in page


def test_a_structure_is_chosen_by_the_address(team: Team) -> None:
    spots = factories.make_structure(project=team.dataset.project, name="spot")
    page = text(team.alice.get(team.address, {"structure": spots.pk}))
    assert "Nobody has answered about spot yet." in page
    assert "about ring" in text(team.alice.get(team.address, {"structure": "none"}))


def test_the_plan_is_written_in_percent(team: Team) -> None:
    given = {"answers_wanted": 3, "shared_fraction": 20, "repeat_fraction": "2.5", "adaptive": "on"}
    response = team.alice.post(team.address, given, follow=True)
    assert said(response).startswith("Saved.")
    plan = LabellingPlan.objects.get(dataset=team.dataset)
    assert (plan.answers_wanted, plan.shared_fraction) == (3, 0.2)
    assert (plan.repeat_fraction, plan.adaptive) == (0.025, True)
    html = response.content.decode()
    assert 'value="20"' in html
    assert 'value="2.5"' in html


@pytest.mark.parametrize(
    ("field", "value"),
    [("answers_wanted", "0"), ("shared_fraction", "101"), ("repeat_fraction", "-1")],
)
def test_a_plan_that_cannot_be_is_refused_beside_the_field(
    team: Team, field: str, value: str
) -> None:
    given = {"answers_wanted": 2, "shared_fraction": 20, "repeat_fraction": 0} | {field: value}
    response = team.alice.post(team.address, given)
    assert field in response.context["form"].errors
    assert not LabellingPlan.objects.exists()


def test_people_are_assigned_and_let_go(team: Team) -> None:
    given = {"annotator": team.bob.pk, "structure": team.structure.pk, "share": 50}
    address = reverse("team-assign", args=[team.dataset.pk])
    response = team.alice.post(address, given, follow=True)
    assert said(response) == "bob is asked about ring."
    assert "bob ring 50 %" in text(response)
    row = Assignment.objects.get()
    assert row.share == 0.5
    response = team.alice.post(reverse("assignment-remove", args=[row.pk]), follow=True)
    assert said(response) == "bob is no longer asked. Their answers stay."
    assert not Assignment.objects.exists()


def test_neither_viewers_nor_structures_of_others_can_be_assigned(team: Team) -> None:
    dora = factories.make_member(project=team.dataset.project, role=Role.VIEWER).user
    foreign = factories.make_structure()
    address = reverse("team-assign", args=[team.dataset.pk])
    given = {"annotator": dora.pk, "structure": foreign.pk, "share": 0}
    response = team.alice.post(address, given)
    assert set(response.context["assigning"].errors) == {"annotator", "structure", "share"}
    assert not Assignment.objects.exists()


def test_a_project_without_structures_leads_to_the_first(team: Team) -> None:
    team.structure.delete()
    page = text(team.alice.get(team.address))
    assert "the project needs a structure" in page
    assert "Agreement" not in page


def test_the_review_knows_images_and_people_who_may_look_again(team: Team) -> None:
    factories.make_member(project=team.dataset.project, role=Role.VIEWER)
    response = team.alice.get(
        reverse("review", args=[team.dataset.pk]), {"structure": team.structure.pk}
    )
    given = props(response, "review")
    assert [person["name"] for person in given["people"]] == ["alice", "bob", "carol"]
    name = team.image.name
    assert given["images"] == [{"id": team.image.pk, "name": name, "rows": 10, "columns": 10}]
    assert given["structure"] == team.structure.pk


def test_the_rule_and_blindness_are_settings_of_the_project(team: Team) -> None:
    project = team.dataset.project
    address = reverse("project-edit", args=[project.pk])
    given = {"rule": "save", "consensus": "posterior", "consensus_probability": "95"}
    response = team.alice.post(address, given, follow=True)
    assert said(response) == "Saved."
    project.refresh_from_db()
    assert (project.blind, project.consensus) == (False, "posterior")
    assert project.consensus_probability == 0.95
    response = team.alice.post(address, given | {"consensus_probability": "50"})
    assert "The probability is more than 0.5" in text(response)
