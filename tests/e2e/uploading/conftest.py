"""A data set whose page is open, to be sent files."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Dataset
from tests.e2e.people import sign_in
from tests.factories import make_dataset, make_project, make_structure, make_user


@pytest.fixture
def dataset(transactional_db: None) -> Dataset:
    project = make_project(manager=make_user("alice"), name="Plates")
    make_structure(project=project, name="Nucleus")
    return make_dataset(project=project, name="Plate 1")


@pytest.fixture
def open_page(page: Page, live_server: LiveServer, dataset: Dataset) -> Page:
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, live_server, dataset.created_by)
    page.goto(live_server.url + reverse("dataset", args=[dataset.pk]))
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    return page


@pytest.fixture(autouse=True)
def _patience() -> None:
    """A worker reads every file."""
    expect.set_options(timeout=120_000)
