"""Projects and their members over HTTP."""

from typing import Any

import pytest

from annotations.models import Project, Role
from tests.factories import (
    make_dataset,
    make_member,
    make_project,
    make_user,
)
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


def test_a_project_is_made_and_shown_with_the_role() -> None:
    client = client_of(make_user())
    made = client.post("/api/projects/", {"name": "Neurons"}, format="json")
    assert made.status_code == 201
    expected = {"name": "Neurons", "description": "", "role": "manager"} | {
        "dataset_count": 0,
        "member_count": 1,
    }
    shown = client.get(f"/api/projects/{made.json()['id']}/").json()
    assert shown == made.json()
    assert {key: shown[key] for key in expected} == expected
    assert client.get("/api/projects/").json() == [shown]


def test_only_ones_own_projects_are_listed_with_true_counts() -> None:
    make_project()
    project = make_project(name="Neurons")
    viewer = make_member(project=project, role=Role.VIEWER).user
    for _ in range(3):
        make_dataset(project=project)
    (shown,) = client_of(viewer).get("/api/projects/").json()
    assert (shown["id"], shown["role"]) == (project.pk, "viewer")
    assert (shown["dataset_count"], shown["member_count"]) == (3, 2)


def test_lists_are_in_the_order_of_names() -> None:
    alice = make_user()
    projects = {name: make_project(manager=alice, name=name) for name in ("b", "c", "a")}
    for name in ("y", "z", "x"):
        make_dataset(project=projects["a"], name=name)
    client = client_of(alice)
    assert [one["name"] for one in client.get("/api/projects/").json()] == ["a", "b", "c"]
    shown = client.get(f"/api/projects/{projects['a'].pk}/datasets/").json()
    assert [one["name"] for one in shown] == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "Glia"}, ("Glia", "About")),
        ({"description": ""}, ("Neurons", "")),
        ({}, ("Neurons", "About")),
    ],
)
def test_a_change_keeps_what_it_leaves_out(
    change: dict[str, str], expected: tuple[str, str]
) -> None:
    project = make_project(name="Neurons", description="About")
    answer = client_of(project.created_by).patch(
        f"/api/projects/{project.pk}/", change, format="json"
    )
    assert answer.status_code == 200
    project.refresh_from_db()
    assert (project.name, project.description) == expected
    assert (answer.json()["name"], answer.json()["description"]) == expected


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": None}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": ["x"]}, "name"),
        ({"name": "x", "description": None}, "description"),
    ],
)
def test_a_wrong_body_names_the_field(body: dict[str, Any], field: str) -> None:
    answer = client_of(make_user()).post("/api/projects/", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(f"{field}: ")
    assert answer.json()[field]
    assert not Project.objects.exists()


def test_a_member_is_added_changed_and_removed() -> None:
    project, bob = make_project(), make_user("bob")
    client = client_of(project.created_by)
    members = f"/api/projects/{project.pk}/members/"
    added = client.post(members, {"login": "bob@example.org", "role": "viewer"}, format="json")
    assert added.status_code == 201
    assert (added.json()["user"], added.json()["role"]) == (bob.pk, "viewer")
    address = f"/api/members/{added.json()['id']}/"
    assert client.patch(address, {"role": "annotator"}, format="json").json()["role"] == "annotator"
    assert client.patch(address, {"role": "owner"}, format="json").status_code == 400
    assert client.delete(address).status_code == 204
    assert [one["username"] for one in client.get(members).json()] == [project.created_by.username]
