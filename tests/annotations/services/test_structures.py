"""The structures people are asked about."""

import pytest
from django.core.exceptions import PermissionDenied

from annotations.errors import Rejected
from annotations.models import Label, Role, Structure
from annotations.services.structures import (
    create_structure,
    delete_structure,
    update_structure,
)
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_model,
    make_project,
    make_structure,
)

pytestmark = pytest.mark.django_db


def test_a_structure_without_a_question_gets_the_usual_one() -> None:
    project = make_project()
    structure = create_structure(
        by=project.created_by, project=project, name=" Rings ", question=" ", colour="#AABBCC"
    )
    assert structure.question == "Is Rings present here?"
    assert (structure.name, structure.colour) == ("Rings", "#aabbcc")


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "#1234567", "#123456\n"])
def test_a_colour_is_six_hexadecimal_digits(colour: str) -> None:
    project = make_project()
    with pytest.raises(Rejected) as refusal:
        create_structure(
            by=project.created_by, project=project, name="Rings", question="", colour=colour
        )
    assert refusal.value.field == "colour"
    assert not Structure.objects.exists()


@pytest.mark.parametrize(("field", "most"), [("name", 60), ("question", 200)])
def test_a_name_and_a_question_are_as_long_as_their_columns(field: str, most: int) -> None:
    structure = make_structure()
    fields = {"name": "Rings", "question": "?", "colour": "#000000", "description": ""}
    by = structure.project.created_by
    update_structure(by=by, structure=structure, **fields | {field: "x" * most})
    with pytest.raises(Rejected, match=f"at most {most} characters") as refusal:
        update_structure(by=by, structure=structure, **fields | {field: "x" * (most + 1)})
    assert refusal.value.field == field


def test_a_name_is_taken_once_per_project() -> None:
    project = make_structure(name="Rings").project
    with pytest.raises(Rejected, match="already") as refusal:
        create_structure(
            by=project.created_by, project=project, name="Rings", question="", colour="#000000"
        )
    assert (refusal.value.field, refusal.value.conflict) == ("name", True)


def test_a_structure_is_not_renamed_to_a_taken_name() -> None:
    first = make_structure(name="Rings")
    second = make_structure(project=first.project, name="Fibres")
    with pytest.raises(Rejected, match="already"):
        update_structure(
            by=first.project.created_by, structure=second, name="Rings", question="?",
            colour="#000000", description="",
        )  # fmt: skip
    second.refresh_from_db()
    assert second.name == "Fibres"


def test_annotators_do_not_change_structures() -> None:
    structure = make_structure()
    annotator = make_member(project=structure.project, role=Role.ANNOTATOR).user
    with pytest.raises(PermissionDenied):
        delete_structure(by=annotator, structure=structure)
    with pytest.raises(PermissionDenied):
        create_structure(
            by=annotator, project=structure.project, name="X", question="", colour="#000000"
        )


def test_a_deleted_structure_takes_its_answers_along_and_no_others() -> None:
    image = make_image()
    project = image.dataset.project
    doomed, kept = make_structure(project=project), make_structure(project=project)
    for structure in (doomed, kept):
        make_label(image=image, structure=structure, annotator=project.created_by)
    delete_structure(by=project.created_by, structure=doomed)
    assert list(Label.objects.values_list("structure_id", flat=True)) == [kept.pk]


def test_a_structure_that_a_model_knows_stays() -> None:
    dataset = make_dataset()
    structure = make_structure(project=dataset.project)
    make_model(dataset=dataset, structures=[structure])
    with pytest.raises(Rejected, match="trained model") as refusal:
        delete_structure(by=dataset.created_by, structure=structure)
    assert refusal.value.conflict
    assert Structure.objects.filter(pk=structure.pk).exists()
