import pytest
from django.urls import reverse

from annotations.models import Role
from tests import factories
from tests.support.pages import said, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("login", ["bob", "bob@example.org", " BOB "])
def test_a_manager_adds_people_by_name_or_address(login: str) -> None:
    project, bob = factories.make_project(), factories.make_user("bob")
    response = signed_in(project.created_by).post(
        reverse("members", args=[project.pk]), {"login": login, "role": "annotator"}, follow=True
    )
    assert project.memberships.get(user=bob).role == Role.ANNOTATOR
    assert said(response) == "bob is a member now."


def test_adding_nobody_says_what_to_do() -> None:
    project = factories.make_project()
    response = signed_in(project.created_by).post(
        reverse("members", args=[project.pk]), {"login": "nobody", "role": "viewer"}
    )
    assert "Ask them to sign up first." in response.context["form"].errors["login"][0]
    assert project.memberships.count() == 1


def test_a_manager_changes_a_role() -> None:
    project = factories.make_project()
    bob = factories.make_member(project=project, role=Role.VIEWER)
    client = signed_in(project.created_by)
    client.post(reverse("member-role", args=[bob.pk]), {"role": "manager"})
    bob.refresh_from_db()
    assert bob.role == Role.MANAGER


def test_an_unknown_role_changes_nothing() -> None:
    project = factories.make_project()
    bob = factories.make_member(project=project, role=Role.VIEWER)
    client = signed_in(project.created_by)
    response = client.post(reverse("member-role", args=[bob.pk]), {"role": "owner"}, follow=True)
    bob.refresh_from_db()
    assert bob.role == Role.VIEWER
    assert said(response) == "Choose one of the roles."


def test_the_last_manager_can_neither_step_down_nor_leave() -> None:
    project = factories.make_project()
    alice = project.memberships.get()
    client = signed_in(project.created_by)
    down = client.post(reverse("member-role", args=[alice.pk]), {"role": "viewer"}, follow=True)
    left = client.post(reverse("member-remove", args=[alice.pk]), follow=True)
    assert said(down) == said(left) == ("A project needs a manager: make somebody else one first.")
    alice.refresh_from_db()
    assert alice.role == Role.MANAGER


def test_a_manager_removes_somebody_after_being_asked() -> None:
    project = factories.make_project(name="Actin")
    bob = factories.make_member(project=project, user=factories.make_user("bob"))
    client = signed_in(project.created_by)
    address = reverse("member-remove", args=[bob.pk])
    assert "Remove bob?" in text(client.get(address))
    assert project.memberships.count() == 2
    response = client.post(address, follow=True)
    assert said(response) == "bob is no longer a member of “Actin”."
    assert project.memberships.count() == 1


def test_members_may_leave_by_themselves() -> None:
    project = factories.make_project(name="Actin")
    bob = factories.make_member(project=project, role=Role.VIEWER)
    client = signed_in(bob.user)
    address = reverse("member-remove", args=[bob.pk])
    assert "Leave “Actin”?" in text(client.get(address))
    response = client.post(address, follow=True)
    assert response.redirect_chain == [(reverse("projects"), 302)]
    assert said(response) == "You left “Actin”."
    assert not project.memberships.filter(user=bob.user).exists()


def test_only_managers_see_addresses() -> None:
    project = factories.make_project()
    bob = factories.make_member(project=project, user=factories.make_user("bob"))
    address = reverse("members", args=[project.pk])
    assert "bob@example.org" in text(signed_in(project.created_by).get(address))
    assert "bob@example.org" not in text(signed_in(bob.user).get(address))
