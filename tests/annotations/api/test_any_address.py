"""What holds at every address: bodies that are no JSON, long lists, addresses that lead nowhere."""

from collections.abc import Callable

import pytest

from annotations.models import Project, Role
from tests.factories import (
    make_dataset,
    make_image,
    make_member,
    make_project,
    make_structure,
    make_user,
)
from tests.support.clients import client_of
from tests.support.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", "7", "\xff"])
def test_what_is_no_json_object_is_answered_with_a_sentence(body: str) -> None:
    answer = client_of(make_user()).post(
        "/api/projects/", body.encode("latin-1"), content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["detail"][0].isupper()


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
