import pytest
from django.urls import reverse

from annotations.models import Image, Project, Role
from tests import factories
from tests.support.pages import said, signed_in, text

pytestmark = pytest.mark.django_db


def test_somebody_without_projects_is_told_how_to_get_one() -> None:
    client = signed_in(factories.make_user("alice"))
    page = text(client.get(reverse("projects")))
    assert "No project yet" in page
    assert "add you as alice" in page


def test_a_card_counts_what_the_project_holds() -> None:
    alice = factories.make_user("alice")
    project = factories.make_project(manager=alice, name="Actin")
    factories.make_member(project=project)
    for count in (2, 1):
        dataset = factories.make_dataset(project=project)
        for _ in range(count):
            factories.make_image(dataset=dataset)
    factories.make_image(dataset=dataset, state=Image.State.REFUSED, error="Empty.")
    page = text(signed_in(alice).get(reverse("projects")))
    assert "Actin Manager 2 data sets 3 images 2 members" in page


def test_projects_of_strangers_are_not_listed() -> None:
    factories.make_project(name="Secret")
    assert "Secret" not in text(signed_in(factories.make_user()).get(reverse("projects")))


def test_whoever_makes_a_project_manages_it() -> None:
    alice = factories.make_user("alice")
    response = signed_in(alice).post(
        reverse("project-new"), {"name": "Actin", "description": "Rings and fibres."}
    )
    project = Project.objects.get(name="Actin")
    assert response["Location"] == reverse("project", args=[project.pk])
    assert project.memberships.get().role == Role.MANAGER
    assert project.description == "Rings and fibres."


def test_a_project_without_a_name_is_not_made() -> None:
    response = signed_in(factories.make_user()).post(reverse("project-new"), {"name": "   "})
    assert response.status_code == 200
    assert "This field is required." in text(response)
    assert not Project.objects.exists()


def test_a_manager_renames_the_project() -> None:
    project = factories.make_project(name="Actin")
    client = signed_in(project.created_by)
    address = reverse("project-edit", args=[project.pk])
    assert 'value="Actin"' in client.get(address).content.decode()
    response = client.post(address, {"name": "F-actin"}, follow=True)
    project.refresh_from_db()
    assert project.name == "F-actin"
    assert said(response) == "Saved."


def test_a_project_is_deleted_only_when_its_name_is_typed() -> None:
    project = factories.make_project(name="Actin")
    client = signed_in(project.created_by)
    address = reverse("project-delete", args=[project.pk])
    assert "nothing was deleted" in text(client.post(address, {"name": "actin"}))
    assert Project.objects.exists()
    client.post(address, {"name": "Actin"})
    assert not Project.objects.exists()


def test_the_page_of_a_project_shows_what_is_in_it() -> None:
    project = factories.make_project(description="Rings and fibres.")
    factories.make_structure(project=project, name="ring")
    dataset = factories.make_dataset(project=project, name="Controls", patch_size=64)
    for _ in range(6):
        factories.make_image(dataset=dataset)
    response = signed_in(project.created_by).get(reverse("project", args=[project.pk]))
    page = text(response)
    assert "Rings and fibres." in page
    assert "Is ring present here?" in page
    assert "Controls 6 images patches of 64 px" in page
    # Four of the images are shown, not all of them.
    assert response.content.decode().count("<img") == 4


def test_an_empty_project_offers_its_manager_the_next_step_and_others_a_hint() -> None:
    project = factories.make_project()
    address = reverse("project", args=[project.pk])
    new = reverse("dataset-new", args=[project.pk])
    assert new in signed_in(project.created_by).get(address).content.decode()
    bob = factories.make_member(project=project, role=Role.ANNOTATOR).user
    response = signed_in(bob).get(address)
    assert new not in response.content.decode()
    assert "Ask a manager of this project to make one." in text(response)


def test_names_are_shown_as_text_and_never_run() -> None:
    project = factories.make_project(name="<script>alert(1)</script>")
    response = signed_in(project.created_by).get(reverse("project", args=[project.pk]))
    assert "<script>alert(1)</script>" not in response.content.decode()
