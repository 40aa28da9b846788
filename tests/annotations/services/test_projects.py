"""Making, changing and deleting projects."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Label, Project, Role, Structure
from annotations.services.access import may, role_of
from annotations.services.projects import create_project, delete_project, update_project
from inference.models import Segmentation
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_model,
    make_project,
    make_segmentation,
    make_structure,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_whoever_makes_a_project_manages_it() -> None:
    alice = make_user()
    project = create_project(by=alice, name="  Neurons ", description="Dendrites")
    assert (project.name, project.description) == ("Neurons", "Dendrites")
    assert role_of(user=alice, project=project) == Role.MANAGER


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_project_needs_a_name(name: str) -> None:
    with pytest.raises(Rejected) as refusal:
        create_project(by=make_user(), name=name)
    assert refusal.value.field == "name"
    assert not Project.objects.exists()


def test_only_managers_change_a_project() -> None:
    project = make_project(name="Neurons")
    annotator = make_member(project=project, role=Role.ANNOTATOR).user
    with pytest.raises(PermissionDenied):
        update_project(by=annotator, project=project, name="Mine", description="")
    project.refresh_from_db()
    assert project.name == "Neurons"


def test_deleting_a_project_deletes_everything_in_it(
    data_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    dataset = make_dataset()
    structure = make_structure(project=dataset.project)
    image = make_image(dataset=dataset)
    model = make_model(dataset=dataset, structures=[structure])
    make_segmentation(image=image, model=model, structure=structure)
    make_label(image=image, structure=structure, annotator=dataset.created_by)
    for folder in (image.folder, model.folder):
        folder.mkdir(parents=True)
        (folder / "file").write_text("content")

    with django_capture_on_commit_callbacks(execute=True):
        delete_project(by=dataset.created_by, project=dataset.project)

    for rows in (Project, Dataset, Image, Structure, Label, Segmentation):
        assert not rows._default_manager.exists()
    assert not [path for path in data_root.rglob("*") if path.is_file()]


def test_files_stay_when_the_deletion_is_not_kept(data_root: Path) -> None:
    image = make_image()
    image.folder.mkdir(parents=True)
    # The transaction of this test is rolled back, like one that fails at its end.
    delete_project(by=image.dataset.created_by, project=image.dataset.project)
    assert image.folder.is_dir()


def test_only_managers_delete_a_project() -> None:
    project = make_project()
    annotator = make_member(project=project, role=Role.ANNOTATOR).user
    with pytest.raises(PermissionDenied):
        delete_project(by=annotator, project=project)
    assert Project.objects.filter(pk=project.pk).exists()


@pytest.mark.parametrize(
    ("own", "allowed"),
    [
        (Role.VIEWER, {Role.VIEWER}),
        (Role.ANNOTATOR, {Role.VIEWER, Role.ANNOTATOR}),
        (Role.MANAGER, {Role.VIEWER, Role.ANNOTATOR, Role.MANAGER}),
    ],
)
def test_a_role_covers_the_lesser_ones(own: Role, allowed: set[Role]) -> None:
    member = make_member(project=make_project(), role=own)
    found = {role for role in Role if may(user=member.user, project=member.project, role=role)}
    assert found == allowed


def test_a_stranger_has_no_role() -> None:
    project, stranger = make_project(), make_user()
    assert role_of(user=stranger, project=project) is None
    assert not may(user=stranger, project=project, role=Role.VIEWER)
