"""The grid over a real image, another grid after answers, and masks that exist, in a browser."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Dataset, Errand, Image, Label, LeftOut, Reference, User
from annotations.models.label import Answer
from tests import factories
from tests.e2e.people import sign_in
from tests.e2e.slowly import Held
from tests.support.worker import Worker

pytestmark = pytest.mark.e2e


@pytest.fixture
def image(alice: User) -> Image:
    """96 x 128 px on patches of 32 px: 3 rows, 4 columns."""
    project = factories.make_project(manager=alice, name="Discs")
    factories.make_structure(project=project, name="Disc")
    dataset = factories.make_dataset(project=project, name="Slide 1", patch_size=32)
    return factories.make_image(
        dataset=dataset,
        name="disc.tif",
        height=96,
        width=128,
        store=True,
        pixel_size_y_um=0.5,
        pixel_size_x_um=0.5,
    )


def test_the_preview_follows_the_form_and_the_grid_is_saved(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("dataset-settings", args=[image.dataset_id]))
    facts = page.locator(".grid-preview-facts")
    expect(page.locator(".grid-preview-box[data-ready=true]")).to_be_visible()
    expect(facts).to_contain_text("3 × 4 = 12")
    expect(facts).to_contain_text("16\u00a0µm")
    # A line of the grid runs between the first and the second column, and none through a patch.
    page.wait_for_function(
        """() => {
            const light = ([red, green, blue]) => red + green + blue;
            const { pixelAt } = window.micraweb;
            return Math.abs(light(pixelAt(32, 16)) - light(pixelAt(16, 10))) > 8;
        }"""
    )
    page.locator("[name=patch_size][value='64']").check(force=True)
    expect(facts).to_contain_text("2 × 2 = 4")
    page.get_by_label("Overlap in pixels").fill("32")
    expect(facts).to_contain_text("2 × 3 = 6")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{reverse('dataset', args=[image.dataset_id])}")
    dataset = Dataset.objects.get()
    assert (dataset.patch_size, dataset.overlap) == (64, 32)


def test_the_grid_changes_after_it_said_what_becomes_of_the_answers(
    page: Page, live_server: LiveServer, worker: Worker, alice: User, image: Image
) -> None:
    structure = image.dataset.project.structures.get()
    for row, column in np.ndindex(2, 4):
        value = Answer.YES if (row, column) == (0, 0) else Answer.NO
        factories.make_label(
            image=image, structure=structure, annotator=alice, row=row, column=column, value=value
        )
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("dataset-settings", args=[image.dataset_id]))
    page.get_by_role("link", name="Change the grid").click()
    page.locator("[name=patch_size][value='64']").check(force=True)
    page.get_by_role("button", name="See what would happen").click()
    plan = page.locator("[data-plan]")
    expect(plan).to_contain_text("8 answers on 32 px: kept")
    expect(plan).to_contain_text("2 are carried over")
    assert Label.objects.count() == 8
    page.get_by_role("button", name="Change the grid").click()
    changed = page.locator("[data-changed]")
    expect(changed).to_contain_text("8 answers are kept with the old one")
    page.reload()
    expect(changed).to_be_visible()
    rows = Label.objects.values_list("row", "column", "value")
    assert sorted(rows) == [(0, 0, "yes"), (0, 1, "no")]
    page.goto(live_server.url + reverse("label", args=[image.pk]))
    screen = page.locator("#island-label")
    expect(screen).to_have_attribute("data-counts", "1,1,0")


def test_masks_are_looked_at_before_they_are_taken_in(
    page: Page,
    live_server: LiveServer,
    worker: Worker,
    alice: User,
    image: Image,
    tmp_path: Path,
) -> None:
    mask = np.zeros((96, 128), np.uint8)
    mask[40:60, 40:60] = 255
    good, bad = tmp_path / "disc_mask.tif", tmp_path / "other.tif"
    for path in (good, bad):
        tifffile.imwrite(path, mask, photometric="minisblack")
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("dataset", args=[image.dataset_id]))
    page.get_by_role("link", name="Take in answers or masks").click()
    page.get_by_label("Files").set_input_files([good, bad])
    looked = page.get_by_text("1 file can be taken in. 1 cannot be.")
    expect(looked).to_be_visible()
    # What was sent is on the server: it is found again.
    page.reload()
    expect(looked).to_be_visible()
    expect(page.locator("[data-file=good]")).to_contain_text("1 object; 1 yes and 11 no, 12 new")
    expect(page.locator("[data-file=bad]")).to_contain_text("no image of this data set")
    assert not Label.objects.exists()
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("1 file taken in.")).to_be_visible()
    assert Label.objects.get(value="yes").annotator == alice
    assert Reference.objects.get().object_count == 1
    page.get_by_role("button", name="Clear the list").click()
    expect(page.locator("[data-file]")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Take in")).to_be_disabled()
    assert Label.objects.count() == 12


def test_masks_that_are_chosen_before_the_page_knows_what_is_there_are_listed_once(
    page: Page,
    live_server: LiveServer,
    worker: Worker,
    alice: User,
    image: Image,
    tmp_path: Path,
) -> None:
    mask = np.zeros((96, 128), np.uint8)
    mask[40:60, 40:60] = 255
    path = tmp_path / "disc_mask.tif"
    tifffile.imwrite(path, mask, photometric="minisblack")
    earlier = Held(page, "**/errands/?mine=1*")
    sign_in(page, live_server, alice)
    earlier.hold()
    page.goto(live_server.url + reverse("existing", args=[image.dataset_id]))
    page.get_by_label("Files").set_input_files([path])
    earlier.wait()
    # Chosen once more meanwhile: that alone counts.
    page.get_by_label("Files").set_input_files([path])
    earlier.let_go()
    expect(page.get_by_text("1 file can be taken in.")).to_be_visible()
    expect(page.locator("[data-file]")).to_have_count(1)


def _shows_empties(page: Page, live_server: LiveServer, alice: User, image: Image) -> Locator:
    """The label screen of an image, while its empty patches are looked for."""
    factories.write_files(image)
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("label", args=[image.pk]))
    screen = page.locator("#island-label")
    expect(screen).to_have_attribute("data-ready", "true")
    page.get_by_role("button", name="Show empty patches").click()
    return screen


def test_empty_patches_are_shown_and_answered_at_once(
    page: Page, live_server: LiveServer, worker: Worker, alice: User, image: Image
) -> None:
    screen = _shows_empties(page, live_server, alice, _large(image))
    expect(page.get_by_text("show background alone.")).to_be_visible()
    assert not Label.objects.exists()
    page.get_by_role("button", name="Answer them with no").click()
    expect(screen).to_have_attribute("data-saved", "true")
    cells = set(Label.objects.values_list("row", "column"))
    assert set(Label.objects.values_list("value", flat=True)) == {"no"}
    # The disc reaches from pixel 64 to 192, over the patches 2 to 5.
    assert len(cells) > 40
    assert not any(2 <= row <= 5 and 2 <= column <= 5 for row, column in cells)
    page.get_by_role("button", name="Undo").click()
    expect(screen).to_have_attribute("data-counts", "0,0,0")


def test_empty_patches_are_left_out_and_asked_about_again(
    page: Page, live_server: LiveServer, worker: Worker, alice: User, image: Image
) -> None:
    _shows_empties(page, live_server, alice, _large(image))
    page.get_by_role("button", name="Leave them out").click()
    section = page.locator("section[data-left-out]")
    expect(section).to_contain_text("nobody is asked about them")
    cells = set(LeftOut.objects.values_list("row", "column"))
    assert len(cells) > 40
    assert not any(2 <= row <= 5 and 2 <= column <= 5 for row, column in cells)
    assert not Label.objects.exists()
    expect(page.get_by_text(f"0 of {64 - len(cells)} patches")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(section).to_contain_text("Every patch is asked about")
    assert not LeftOut.objects.exists()
    # The patch that has the focus, kept over a reload.
    page.get_by_role("button", name="Leave out this patch").click()
    expect(section).to_contain_text("1 patch crossed out")
    page.reload()
    expect(section).to_contain_text("1 patch crossed out")
    page.get_by_role("button", name="Ask about all again").click()
    expect(section).to_contain_text("Every patch is asked about")
    assert not LeftOut.objects.exists()


def test_a_change_of_the_grid_can_be_cancelled_while_it_waits(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    """Without a worker, which has yet to come."""
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("dataset-grid", args=[image.dataset_id]))
    page.locator("[name=patch_size][value='64']").check(force=True)
    page.get_by_role("button", name="See what would happen").click()
    waiting = page.locator("[data-errand]")
    expect(waiting).to_contain_text("Waiting for a worker")
    page.reload()
    expect(waiting).to_contain_text("Waiting for a worker")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled. Nothing was changed.")).to_be_visible()
    assert Errand.objects.get().state == Errand.State.CANCELLED


def test_a_search_for_empty_patches_is_shown_again_and_can_be_cancelled(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    """Without a worker, which has yet to come."""
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("label", args=[image.pk]))
    page.get_by_role("button", name="Show empty patches").click()
    waiting = page.get_by_text("Waiting for a worker")
    expect(waiting).to_be_visible()
    page.reload()
    expect(waiting).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    said = page.locator(".work-toast")
    expect(said).to_have_text("The search was cancelled.")
    assert Errand.objects.get().state == Errand.State.CANCELLED


def _large(image: Image) -> Image:
    return factories.make_image(dataset=image.dataset, name="large.tif", height=256, width=256)
