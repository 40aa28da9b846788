"""Around the patches of the gallery: filters, the whole image, keys, examples, the tour."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import LabelChange, ModelPatch
from annotations.models.label import Answer
from annotations.services.reviews import Place, keep_model_patch
from tests.e2e.gallery.screen import (
    answers,
    counts,
    open_gallery,
    ready,
    saved,
)
from tests.e2e.team import Team


def test_filters_and_orders_show_other_patches(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    expect(page.locator("#island-gallery[data-total='192']")).to_be_visible()
    page.get_by_label("Image", exact=True).select_option("cell 2.tif")
    expect(page.locator("#island-gallery[data-total='64']")).to_be_visible()
    page.get_by_label("Order").select_option("Random")
    ready(page)
    page.locator(".gallery-grid").focus()
    page.keyboard.press("1")
    saved(page)
    [(image, *_)] = answers(team.bob)
    assert image == "cell 2.tif"
    page.keyboard.press("g")
    expect(page.get_by_label("Order")).to_have_value("similar")


def test_space_shows_the_patch_in_its_image(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.keyboard.press("Space")
    dialog = page.get_by_role("dialog", name="The patch in its image")
    expect(dialog).to_contain_text("cell 1.tif, row 1, column 1")
    page.keyboard.press("Space")
    expect(dialog).to_be_hidden()
    page.keyboard.press("2")
    counts(page, no=1)


def test_a_key_can_be_changed_and_a_conflict_is_told(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.keyboard.press("?")
    page.locator("[data-command=yes]").click()
    page.keyboard.press("r")
    expect(page.locator(".keys-note")).to_contain_text("The rest of this screen is no")
    with page.expect_response("**/me/preferences/") as kept:
        page.keyboard.press("j")
    assert kept.value.ok
    expect(page.locator(".keys-note")).to_contain_text("J now means")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("j")
    counts(page, yes=1)
    saved(page)
    page.reload()
    ready(page)
    page.keyboard.press("j")
    counts(page, yes=1)
    saved(page)
    assert len(answers(team.bob)) == 2


@pytest.mark.parametrize("screen", ["gallery", "label"])
def test_examples_stand_beside_the_work(
    page: Page, live_server: LiveServer, team: Team, screen: str
) -> None:
    place = Place(team.dataset, team.rings, team.images[0].pk, 3, 3)
    keep_model_patch(
        by=team.alice,
        place=place,
        use=ModelPatch.Use.EXAMPLE,
        value=Answer.YES,
        note="a whole ring",
    )
    open_gallery(page, live_server, team, team.bob)
    if screen == "label":
        page.goto(live_server.url + reverse("label", args=[team.images[1].pk]))
        expect(page.locator("#island-label[data-ready=true]")).to_be_visible()
    example = page.get_by_alt_text("Example of yes: a whole ring")
    expect(example).to_be_visible()
    page.wait_for_function("img => img.naturalHeight === 96", arg=example.element_handle())
    page.locator(f"[data-structure='{team.spots.pk}'][role=radio]").click()
    expect(page.locator(".examples")).to_be_hidden()


def test_the_label_screen_leads_to_the_patches_of_its_image(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.goto(live_server.url + reverse("label", args=[team.images[1].pk]))
    label = page.locator("#island-label[data-ready=true]")
    expect(label).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("#island-label[data-counts='1,0,0'][data-saved=true]")).to_be_visible()
    page.get_by_role("link", name="Gallery", exact=True).click()
    page.wait_for_url("**/gallery/?image=*")
    ready(page)
    expect(page.get_by_label("Image", exact=True)).to_have_value(str(team.images[1].pk))
    expect(page.locator("#island-gallery[data-total='63']")).to_be_visible()
    # No suggestion was on the label screen, and the history says so.
    assert LabelChange.objects.get(annotator=team.bob).suggested is False


def test_the_tour_is_shown_once(page: Page, live_server: LiveServer, team: Team) -> None:
    team.bob.preferences.delete()
    open_gallery(page, live_server, team, team.bob)
    tour = page.get_by_role("dialog", name="How this works")
    expect(tour).to_contain_text("1 of 5")
    with page.expect_response("**/me/preferences/") as kept:
        for _ in range(5):
            page.keyboard.press("Enter")
    assert kept.value.ok, kept.value.text()
    expect(tour).to_be_hidden()
    page.keyboard.press("1")
    saved(page)
    page.reload()
    ready(page)
    expect(tour).to_be_hidden()
