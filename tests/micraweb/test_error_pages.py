"""What people read when something does not work."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error

from annotations.models import Role
from tests import factories
from tests.support.pages import signed_in, text


@pytest.mark.django_db
def test_a_missing_page_tells_strangers_how_to_get_in() -> None:
    charlie = factories.make_user("charlie")
    response = signed_in(charlie).get("/projects/123456/")
    assert response.status_code == 404
    assert "ask a manager of that project to add you as charlie" in text(response)


@pytest.mark.django_db
def test_a_page_beyond_the_role_says_who_may() -> None:
    project = factories.make_project()
    member = factories.make_member(project=project, role=Role.VIEWER)
    response = signed_in(member.user).get(reverse("project-edit", args=[project.pk]))
    assert response.status_code == 403
    assert "Only managers of this project can do that." in text(response)


@pytest.mark.django_db
def test_a_form_from_elsewhere_changes_nothing_and_says_so() -> None:
    alice = factories.make_user()
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post(reverse("project-new"), {"name": "Forged"})
    assert response.status_code == 403
    assert "nothing was changed" in text(response)
    assert not alice.memberships.exists()


def test_the_page_of_a_broken_server_needs_nothing_that_could_be_broken() -> None:
    """No database, no built frontend, no session: this test has the first two out of reach."""
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something went wrong on the server" in text(response)
    assert b"<script" not in response.content
    assert b"/static/" not in response.content
