"""A page with many rows asks the database no more often than a page with few."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Project
from tests import factories
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db


def grow(project: Project) -> None:
    """One more of everything that the pages of a project list."""
    structure = factories.make_structure(project=project)
    factories.make_member(project=project)
    first = project.datasets.order_by("pk").first()
    dataset = first or factories.make_dataset(project=project)
    factories.make_dataset(project=project)
    image = factories.make_image(dataset=dataset)
    model = factories.make_model(dataset=dataset, structures=[structure])
    for one in dataset.images.all():
        factories.make_segmentation(image=one, model=model, structure=structure)
    factories.make_label(image=image, structure=structure, annotator=project.created_by)
    factories.make_project(manager=project.created_by)


def queries(client: Client, address: str) -> int:
    # What a process remembers of new structures it reads at the first look.
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_no_page_asks_more_for_more_rows() -> None:
    project = factories.make_project()
    grow(project)
    dataset = project.datasets.order_by("pk").get(images__isnull=False)
    addresses = [
        reverse("projects"),
        *(reverse(name, args=[project.pk]) for name in ("project", "structures", "members")),
        *(
            reverse(name, args=[dataset.pk])
            for name in ("dataset", "dataset-results", "train", "team", "review")
        ),
    ]
    client = signed_in(project.created_by)
    # What a process remembers for one page it keeps up to date on the others.
    for address in addresses:
        client.get(address)
    few = {address: queries(client, address) for address in addresses}
    for _ in range(4):
        grow(project)
    assert {address: queries(client, address) for address in addresses} == few
