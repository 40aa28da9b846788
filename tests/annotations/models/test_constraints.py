"""What must be true of projects, images and answers is held by the database, by name."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from annotations.models import (
    Dataset,
    FormerGrid,
    FormerLabel,
    Image,
    LabelChange,
    Membership,
    Role,
)
from annotations.models.label import Answer
from tests.annotations.models.of_a_team import REFUSED_OF_A_TEAM
from tests.annotations.models.of_images import REFUSED_OF_IMAGES
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_project,
    make_structure,
    make_user,
)
from tests.support.refusal import constraints_of, refused_by

pytestmark = pytest.mark.django_db


def _a_second_membership() -> None:
    first = make_member(project=make_project())
    Membership.objects.create(project=first.project, user=first.user, role=Role.VIEWER)


def _an_unknown_role() -> None:
    Membership.objects.filter(pk=make_member(project=make_project()).pk).update(role="owner")


def _a_project_without_a_name() -> None:
    project = make_project()
    project.name = ""
    project.save()


def _a_structure_without_a_name() -> None:
    structure = make_structure()
    structure.name = ""
    structure.save()


def _two_structures_of_one_name() -> None:
    first = make_structure(name="Rings")
    make_structure(project=first.project, name="Rings")


def _a_data_set_without_a_name() -> None:
    dataset = make_dataset()
    dataset.name = ""
    dataset.save()


def _two_data_sets_of_one_name() -> None:
    first = make_dataset(name="Monday")
    make_dataset(project=first.project, name="Monday")


def _a_patch_of_15_px() -> None:
    make_dataset(patch_size=15)


def _a_patch_of_1025_px() -> None:
    make_dataset(patch_size=1025)


def _an_overlap_beyond_half() -> None:
    Dataset.objects.filter(pk=make_dataset(patch_size=32).pk).update(overlap=17)


def _an_unknown_projection() -> None:
    Dataset.objects.filter(pk=make_dataset().pk).update(projection="mean")


def _two_answers_of_one_person() -> None:
    image = make_image()
    structure, annotator = make_structure(project=image.dataset.project), make_user()
    make_label(image=image, structure=structure, annotator=annotator, value=Answer.YES)
    make_label(image=image, structure=structure, annotator=annotator, value=Answer.NO)


def _an_unknown_answer() -> None:
    image = make_image()
    label = make_label(
        image=image, structure=make_structure(project=image.dataset.project), annotator=make_user()
    )
    type(label).objects.filter(pk=label.pk).update(value="maybe")


def _a_change_that_changes_nothing() -> None:
    image = make_image()
    LabelChange.objects.create(
        image=image,
        structure=make_structure(project=image.dataset.project),
        annotator=make_user(),
        row=0,
        column=0,
        old=Answer.YES,
        new=Answer.YES,
        at=timezone.now(),
    )


def _former_answer(value: str) -> FormerLabel:
    image = make_image()
    now = timezone.now()
    grid = FormerGrid.objects.create(
        dataset=image.dataset, patch_size=64, overlap=0, replaced_by=make_user(), replaced_at=now
    )
    return FormerLabel.objects.create(
        grid=grid,
        image=image,
        structure=make_structure(project=image.dataset.project),
        annotator=make_user(),
        row=0,
        column=0,
        value=value,
        updated_at=now,
    )


def _two_former_answers_of_one_person() -> None:
    first = _former_answer(Answer.YES)
    first.pk = None
    first.save(force_insert=True)


def _an_unknown_former_answer() -> None:
    _former_answer("maybe")


REFUSED: list[tuple[str, Callable[[], None]]] = [
    ("one_membership_per_person", _a_second_membership),
    ("membership_role_is_known", _an_unknown_role),
    ("project_has_a_name", _a_project_without_a_name),
    ("structure_has_a_name", _a_structure_without_a_name),
    ("structure_name_is_unique", _two_structures_of_one_name),
    ("dataset_has_a_name", _a_data_set_without_a_name),
    ("dataset_name_is_unique", _two_data_sets_of_one_name),
    ("dataset_patch_size_is_sensible", _a_patch_of_15_px),
    ("dataset_patch_size_is_sensible", _a_patch_of_1025_px),
    ("dataset_overlap_is_sensible", _an_overlap_beyond_half),
    ("dataset_projection_is_known", _an_unknown_projection),
    ("one_answer_per_patch_and_person", _two_answers_of_one_person),
    ("answer_is_known", _an_unknown_answer),
    ("change_changes", _a_change_that_changes_nothing),
    ("one_former_answer_per_patch_and_person", _two_former_answers_of_one_person),
    ("former_answer_is_known", _an_unknown_former_answer),
    *REFUSED_OF_IMAGES,
    *REFUSED_OF_A_TEAM,
]


@pytest.mark.parametrize(("constraint", "attempt"), REFUSED)
def test_the_database_refuses(constraint: str, attempt: Callable[[], None]) -> None:
    with refused_by(constraint):
        attempt()


def test_every_constraint_of_the_app_is_tried_here() -> None:
    assert constraints_of("annotations") == {constraint for constraint, _ in REFUSED}


def test_a_refused_image_does_not_keep_its_name_and_bytes_from_a_good_one() -> None:
    refused = make_image(name="a.tif", state=Image.State.REFUSED, error="The file is empty.")
    good = make_image(dataset=refused.dataset, name="a.tif")
    Image.objects.filter(pk=good.pk).update(sha256=refused.sha256)


def test_equal_names_in_different_projects_do_not_meet() -> None:
    make_dataset(name="Monday")
    make_dataset(name="Monday")
    make_structure(name="Rings")
    make_structure(name="Rings")
