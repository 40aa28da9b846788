"""The empty patches of a whole data set: found, shown, answered, left out, and back again."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Dataset, Errand, Label, LeftOut, User
from tests import factories
from tests.e2e.people import experienced, sign_in
from tests.support.worker import Worker

pytestmark = pytest.mark.e2e


@pytest.fixture
def alice(transactional_db: None) -> User:
    return experienced(factories.make_user("alice"))


@pytest.fixture
def dataset(alice: User) -> Dataset:
    """Three images of 64 patches with a disc in the middle."""
    project = factories.make_project(manager=alice, name="Discs")
    factories.make_structure(project=project, name="Disc")
    dataset = factories.make_dataset(project=project, name="Slides", patch_size=32)
    for name in ("a.tif", "b.tif", "c.tif"):
        image = factories.make_image(dataset=dataset, name=name, height=256, width=256)
        factories.write_files(image)
    return dataset


def test_they_are_found_shown_answered_left_out_and_taken_back(
    page: Page, live_server: LiveServer, worker: Worker, alice: User, dataset: Dataset
) -> None:
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("dataset", args=[dataset.pk]))
    page.get_by_role("link", name="Empty patches").click()
    expect(page.get_by_text("Nobody has looked yet.")).to_be_visible()
    page.get_by_role("button", name="Find empty patches").click()
    expect(page.get_by_text("3 of 3 images looked at.")).to_be_visible()
    assert not Label.objects.exists()
    card = page.locator(".empties-card").first
    expect(card).to_contain_text("of 64 patches")
    shaded = int(card.locator("canvas[data-shaded]").get_attribute("data-shaded") or 0)
    assert 40 < shaded < 64

    # One image looks odd, and stays as it is.
    page.locator(".empties-card", has_text="b.tif").get_by_label("Take these").uncheck()
    page.get_by_role("button", name="Answer with no").click()
    done = page.get_by_role("list", name="Done before").get_by_role("listitem")
    expect(done).to_contain_text("answered with no about Disc.")
    names = Label.objects.order_by().values_list("image__name", "value").distinct()
    assert sorted(names) == [("a.tif", "no"), ("c.tif", "no")]
    expect(card).to_contain_text("none left to answer")
    page.reload()
    done.get_by_role("button", name="Undo").click()
    expect(done).to_contain_text("Taken back")
    assert not Label.objects.exists()

    page.get_by_role("button", name="Leave them out").click()
    expect(done.first).to_contain_text("left out.")
    assert LeftOut.objects.order_by().values("image").distinct().count() == 3
    done.first.get_by_role("button", name="Undo").click()
    expect(done.first).to_contain_text("Taken back")
    assert not LeftOut.objects.exists()


def test_a_search_in_all_images_is_found_again_and_can_be_cancelled(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    """Without a worker, which has yet to come."""
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("dataset-empties", args=[dataset.pk]))
    page.get_by_role("button", name="Find empty patches").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The search was cancelled.")).to_be_visible()
    assert Errand.objects.get().state == Errand.State.CANCELLED
