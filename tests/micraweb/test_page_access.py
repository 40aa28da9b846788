"""Who gets which page: every page with an object in its address, for every kind of reader.

Alice owns the project, Bob annotates on her team, Dora may look, Charlie is the stranger.
"""

from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

import annotations.urls
import inference.urls
from annotations.models import Assignment, Remark, Role
from inference.models import Run
from tests import factories
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db


class Page(NamedTuple):
    method: str
    name: str
    # What the address names.
    of: str
    # Status for Dora, Bob and Alice. A form sent empty is shown again: 200.
    viewer: int
    annotator: int
    manager: int


MATRIX = (
    Page("get", "project", "project", 200, 200, 200),
    Page("get", "project-edit", "project", 403, 403, 200),
    Page("post", "project-edit", "project", 403, 403, 200),
    Page("get", "project-delete", "project", 403, 403, 200),
    Page("post", "project-delete", "project", 403, 403, 200),
    Page("get", "structures", "project", 200, 200, 200),
    Page("post", "structures", "project", 403, 403, 200),
    Page("get", "structure-edit", "structure", 403, 403, 200),
    Page("post", "structure-edit", "structure", 403, 403, 200),
    Page("get", "structure-delete", "structure", 403, 403, 200),
    Page("post", "structure-delete", "structure", 403, 403, 200),
    Page("get", "members", "project", 200, 200, 200),
    Page("post", "members", "project", 403, 403, 200),
    Page("post", "member-role", "membership", 403, 403, 302),
    Page("get", "member-remove", "membership", 403, 403, 200),
    Page("post", "member-remove", "membership", 403, 403, 302),
    Page("get", "dataset-new", "project", 403, 403, 200),
    Page("post", "dataset-new", "project", 403, 403, 200),
    Page("get", "dataset", "dataset", 200, 200, 200),
    Page("get", "dataset-settings", "dataset", 403, 403, 200),
    Page("post", "dataset-settings", "dataset", 403, 403, 200),
    Page("get", "existing", "dataset", 403, 200, 200),
    Page("get", "dataset-empties", "dataset", 403, 200, 200),
    Page("get", "dataset-grid", "dataset", 403, 403, 200),
    Page("post", "dataset-grid", "dataset", 403, 403, 200),
    Page("get", "dataset-delete", "dataset", 403, 403, 200),
    Page("post", "dataset-delete", "dataset", 403, 403, 200),
    Page("get", "dataset-label", "dataset", 403, 302, 302),
    Page("get", "gallery", "dataset", 403, 200, 200),
    Page("get", "team", "dataset", 403, 403, 200),
    Page("post", "team", "dataset", 403, 403, 200),
    Page("post", "team-assign", "dataset", 403, 403, 200),
    Page("post", "assignment-remove", "assignment", 403, 403, 302),
    Page("get", "review", "dataset", 403, 403, 200),
    # It was sent back to Bob, and is nobody else's to answer.
    Page("post", "remark-answer", "remark", 404, 302, 404),
    Page("get", "image", "image", 200, 200, 200),
    Page("get", "label", "image", 403, 200, 200),
    Page("get", "train", "dataset", 403, 200, 200),
    Page("get", "run", "run", 200, 200, 200),
    Page("get", "results", "image", 200, 200, 200),
    Page("get", "dataset-results", "dataset", 200, 200, 200),
    Page("post", "model-segment", "model", 403, 302, 302),
    Page("post", "model-export", "model", 302, 302, 302),
)


class Scene(NamedTuple):
    readers: dict[str, Client]
    objects: dict[str, int]


@pytest.fixture
def scene() -> Scene:
    alice, bob = factories.make_user("alice"), factories.make_user("bob")
    dora, charlie = factories.make_user("dora"), factories.make_user("charlie")
    project = factories.make_project(manager=alice)
    factories.make_member(project=project, user=bob, role=Role.ANNOTATOR)
    factories.make_member(project=project, user=dora, role=Role.VIEWER)
    structure = factories.make_structure(project=project)
    dataset = factories.make_dataset(project=project)
    image = factories.make_image(dataset=dataset)
    model = factories.make_model(dataset=dataset, structures=[structure])
    factories.make_segmentation(image=image, model=model, structure=structure)
    # Charlie has a project of his own, so that he is a stranger here and not everywhere.
    factories.make_project(manager=charlie)
    objects = {
        "project": project.pk,
        "structure": structure.pk,
        "dataset": dataset.pk,
        "image": image.pk,
        "model": model.pk,
        "assignment": Assignment.objects.create(
            dataset=dataset, structure=structure, annotator=bob
        ).pk,
        "remark": Remark.objects.create(
            image=image, structure=structure, row=0, column=0, by=alice, sent_to=bob
        ).pk,
        "run": factories.make_run(dataset=dataset, state=Run.State.FAILED).pk,
        # Of nobody who asks: members may leave by themselves.
        "membership": factories.make_member(project=project).pk,
    }
    # Alice comes last: only what she may do changes what the others ask about.
    readers = {
        "anonymous": Client(),
        "stranger": signed_in(charlie),
        "viewer": signed_in(dora),
        "annotator": signed_in(bob),
        "manager": signed_in(alice),
    }
    return Scene(readers, objects)


@pytest.mark.parametrize("entry", MATRIX, ids=lambda entry: f"{entry.method}-{entry.name}")
def test_each_page_opens_for_those_who_may_see_it(scene: Scene, entry: Page) -> None:
    address = reverse(entry.name, args=[scene.objects[entry.of]])
    answers = {who: getattr(scene.readers[who], entry.method)(address) for who in scene.readers}
    assert {who: answer.status_code for who, answer in answers.items()} == {
        "anonymous": 302,
        "stranger": 404,
        "viewer": entry.viewer,
        "annotator": entry.annotator,
        "manager": entry.manager,
    }
    assert answers["anonymous"]["Location"] == f"{reverse('account_login')}?next={address}"
    nothing = reverse(entry.name, args=[10**9])
    assert getattr(scene.readers["manager"], entry.method)(nothing).status_code == 404


def test_every_page_with_an_object_is_in_the_matrix() -> None:
    patterns = [*annotations.urls.urlpatterns, *inference.urls.urlpatterns]
    assert all(isinstance(pattern, URLPattern) for pattern in patterns)
    with_object = {pattern.name for pattern in patterns if pattern.pattern.converters}
    assert with_object == {page.name for page in MATRIX}


@pytest.mark.parametrize("name", ["projects", "project-new", "account", "own-work"])
def test_pages_without_an_object_are_for_those_who_are_signed_in(name: str) -> None:
    address = reverse(name)
    assert Client().get(address)["Location"] == f"{reverse('account_login')}?next={address}"
    assert signed_in(factories.make_user()).get(address).status_code == 200


@pytest.mark.parametrize("name", ["home", "help", "account_login", "account_signup", "health"])
def test_pages_for_everybody_need_no_account(name: str) -> None:
    assert Client().get(reverse(name)).status_code == 200
