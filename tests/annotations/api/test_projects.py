"""Projects, members, structures and data sets over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from annotations.models import Dataset, Project, Role, Structure
from annotations.models.label import Answer
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_member,
    make_project,
    make_structure,
    make_user,
)
from tests.support.clients import client_of
from tests.support.queries import queries_of

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


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", "7", "\xff"])
def test_what_is_no_json_object_is_answered_with_a_sentence(body: str) -> None:
    answer = client_of(make_user()).post(
        "/api/projects/", body.encode("latin-1"), content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["detail"][0].isupper()


def test_a_structure_keeps_what_a_change_leaves_out() -> None:
    structure = make_structure(name="Rings", colour="#112233")
    answer = client_of(structure.project.created_by).patch(
        f"/api/structures/{structure.pk}/", {"colour": "#AABBCC"}, format="json"
    )
    assert answer.json() == {
        "id": structure.pk,
        "project": structure.project_id,
        "name": "Rings",
        "question": "Is Rings present here?",
        "colour": "#aabbcc",
        "description": "",
    }


def test_a_taken_structure_name_is_a_conflict() -> None:
    structure = make_structure(name="Rings")
    answer = client_of(structure.project.created_by).post(
        f"/api/projects/{structure.project_id}/structures/", {"name": "Rings"}, format="json"
    )
    assert answer.status_code == 409
    assert answer.json() == {
        "detail": "There is already a structure of this name.",
        "name": ["There is already a structure of this name."],
    }
    assert Structure.objects.count() == 1


def test_a_data_set_keeps_what_a_change_leaves_out() -> None:
    dataset = make_dataset(name="Monday", patch_size=32)
    client = client_of(dataset.created_by)
    answer = client.patch(f"/api/datasets/{dataset.pk}/", {"description": "new"}, format="json")
    shown = answer.json()
    assert (shown["name"], shown["description"], shown["patch_size"]) == ("Monday", "new", 32)


def test_a_fixed_patch_size_is_told_by_field() -> None:
    image = make_image(dataset=make_dataset(patch_size=32))
    dataset = image.dataset
    structure = make_structure(project=dataset.project)
    make_label(image=image, structure=structure, annotator=dataset.created_by)
    answer = client_of(dataset.created_by).patch(
        f"/api/datasets/{dataset.pk}/", {"patch_size": 64}, format="json"
    )
    assert answer.status_code == 400
    assert "fixed" in answer.json()["patch_size"][0]
    assert Dataset.objects.get(pk=dataset.pk).patch_size == 32


def test_refused_images_do_not_count() -> None:
    dataset = make_image().dataset
    make_image(dataset=dataset, state="refused", error="The file is empty.")  # type: ignore[arg-type]
    shown = client_of(dataset.created_by).get(f"/api/datasets/{dataset.pk}/").json()
    assert (shown["image_count"], shown["role"]) == (1, "manager")


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


def test_progress_is_told_as_the_service_counts_it() -> None:
    image = make_image(dataset=make_dataset(patch_size=32), height=64, width=96)
    structure = make_structure(project=image.dataset.project, name="Rings", colour="#112233")
    me = image.dataset.created_by
    make_label(image=image, structure=structure, annotator=me, value=Answer.NO)
    assert client_of(me).get(f"/api/datasets/{image.dataset_id}/progress/").json() == {
        "patches": 6,
        "structures": [
            {
                "id": structure.pk, "name": "Rings", "colour": "#112233",
                "yes": 0, "no": 1, "unsure": 0, "labelled": 1,
            }
        ],
        "images": [{"id": image.pk, "labelled": 1, "patches": 6}],
    }  # fmt: skip


def _more_projects(project: Project) -> None:
    make_member(project=make_project(), user=project.created_by, role=Role.VIEWER)


def _more_members(project: Project) -> None:
    make_member(project=project)


def _more_structures(project: Project) -> None:
    make_structure(project=project)


def _more_data_sets(project: Project) -> None:
    make_image(dataset=make_dataset(project=project))


@pytest.mark.parametrize(
    ("address", "add"),
    [
        ("/api/projects/", _more_projects),
        ("/api/projects/{}/members/", _more_members),
        ("/api/projects/{}/structures/", _more_structures),
        ("/api/projects/{}/datasets/", _more_data_sets),
    ],
)
def test_a_longer_list_takes_no_more_queries(address: str, add: Callable[[Project], None]) -> None:
    project = make_project()
    client = client_of(project.created_by)
    counts = []
    for more in (2, 10):
        for _ in range(more):
            add(project)
        rows, count = queries_of(client, address.format(project.pk))
        assert rows >= more
        counts.append(count)
    assert counts[0] == counts[1]


def test_an_unknown_address_is_answered_as_json() -> None:
    for method in ("get", "post", "patch", "delete"):
        answer = getattr(client_of(None), method)("/api/no/such/thing/")
        assert answer.status_code == 404
        assert "/api/docs/" in answer.json()["detail"]


def test_a_forgotten_slash_is_still_added() -> None:
    answer = client_of(make_user()).get("/api/projects")
    assert (answer.status_code, answer["Location"]) == (301, "/api/projects/")


@pytest.mark.parametrize("number", [2**63, 10**30])
def test_a_number_that_no_row_can_have_is_not_found(number: int) -> None:
    client = client_of(make_user())
    for kind in ("projects", "datasets", "images", "runs", "models"):
        assert client.get(f"/api/{kind}/{number}/").status_code == 404
