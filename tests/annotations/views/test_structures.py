import pytest
from django.urls import reverse

from annotations.models import Structure
from tests import factories
from tests.support.pages import signed_in, text

pytestmark = pytest.mark.django_db


def test_a_structure_is_added_with_a_colour_of_the_palette() -> None:
    project = factories.make_project()
    signed_in(project.created_by).post(
        reverse("structures", args=[project.pk]), {"name": "ring", "colour": "#56b4e9"}
    )
    structure = project.structures.get()
    assert (structure.name, structure.colour) == ("ring", "#56b4e9")
    assert structure.question == "Is ring present here?"


def test_a_structure_may_have_a_colour_of_its_own() -> None:
    project = factories.make_project()
    signed_in(project.created_by).post(
        reverse("structures", args=[project.pk]),
        {"name": "ring", "colour": "other", "colour_other": "#123abc"},
    )
    assert project.structures.get().colour == "#123abc"


@pytest.mark.parametrize("colour", ["", "red", "#12345", "url(x)"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    project = factories.make_project()
    response = signed_in(project.created_by).post(
        reverse("structures", args=[project.pk]),
        {"name": "ring", "colour": "other", "colour_other": colour},
    )
    expected = "A colour is written #rrggbb." if colour else "Choose a colour."
    assert expected in text(response)
    assert not project.structures.exists()


def test_the_next_structure_is_offered_a_colour_that_is_free() -> None:
    project = factories.make_project()
    factories.make_structure(project=project, colour="#E69F00")
    client = signed_in(project.created_by)
    form = client.get(reverse("structures", args=[project.pk])).context["form"]
    assert form["colour"].value() == "#56b4e9"


def test_a_name_that_is_taken_is_said_at_the_name() -> None:
    structure = factories.make_structure(name="ring")
    project = structure.project
    response = signed_in(project.created_by).post(
        reverse("structures", args=[project.pk]), {"name": "ring", "colour": "#56b4e9"}
    )
    assert response.context["form"].errors == {
        "name": ["There is already a structure of this name."]
    }
    assert project.structures.count() == 1


def test_editing_starts_from_what_is_saved() -> None:
    structure = factories.make_structure(name="ring", colour="#123abc")
    client = signed_in(structure.project.created_by)
    form = client.get(reverse("structure-edit", args=[structure.pk])).context["form"]
    assert form["colour"].value() == "other"
    assert form["colour_other"].value() == "#123abc"
    assert form["question"].value() == "Is ring present here?"


def test_a_structure_is_renamed() -> None:
    structure = factories.make_structure(name="ring")
    signed_in(structure.project.created_by).post(
        reverse("structure-edit", args=[structure.pk]),
        {"name": "actin ring", "question": "A ring?", "colour": "#009e73"},
    )
    structure.refresh_from_db()
    assert structure.name == "actin ring"
    assert structure.question == "A ring?"
    assert structure.colour == "#009e73"


def test_deleting_says_how_many_answers_go_with_it() -> None:
    structure = factories.make_structure(name="ring")
    dataset = factories.make_dataset(project=structure.project)
    alice = structure.project.created_by
    image = factories.make_image(dataset=dataset)
    for column in range(3):
        factories.make_label(image=image, structure=structure, annotator=alice, column=column)
    client = signed_in(alice)
    address = reverse("structure-delete", args=[structure.pk])
    assert "Its 3 answers will be deleted" in text(client.get(address))
    client.post(address, {"name": "ring"})
    assert not Structure.objects.exists()


def test_a_structure_of_a_trained_model_stays() -> None:
    structure = factories.make_structure(name="ring")
    dataset = factories.make_dataset(project=structure.project)
    factories.make_model(dataset=dataset, structures=[structure])
    response = signed_in(structure.project.created_by).post(
        reverse("structure-delete", args=[structure.pk]), {"name": "ring"}
    )
    assert "part of a trained model" in text(response)
    assert Structure.objects.exists()
