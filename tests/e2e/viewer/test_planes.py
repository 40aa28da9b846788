"""Planes, times and the maximum."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Dataset, Image, Projection, User
from tests.e2e.people import sign_in
from tests.e2e.viewer.looking import expect_channels, expect_values, open_image
from tests.support.stacks import known_stack, make_stack


def test_planes_and_times_show_their_own_pixels(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    pixels = known_stack(frames=3, channels=2, depth=5)
    sign_in(page, live_server, alice)
    open_image(page, live_server, stack)
    # The middle plane of the first time point.
    expect_values(page, 30, 20, list(pixels[0, :, 2, 20, 30]))
    page.keyboard.press(".")
    expect(page.locator("output[data-axis=z]")).to_have_text("4 / 5")
    expect_values(page, 30, 20, list(pixels[0, :, 3, 20, 30]))
    page.keyboard.press("l")
    expect(page.locator("output[data-axis=t]")).to_have_text("2 / 3")
    expect_values(page, 30, 20, list(pixels[1, :, 3, 20, 30]))
    page.get_by_label("Plane", exact=True).fill("1")
    expect(page.locator("output[data-axis=z]")).to_have_text("1 / 5")
    expect_values(page, 95, 63, list(pixels[1, :, 0, 63, 95]))


def test_the_maximum_is_that_of_all_planes_and_goes_back(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = known_stack(channels=2, depth=4)
    pixels[0, 0, 1, 20, 30] = 5000
    pixels[0, 1, 3, 20, 30] = 6000
    image = make_stack(pixels, dataset=dataset)
    sign_in(page, live_server, alice)
    open_image(page, live_server, image)
    page.keyboard.press("m")
    expect(page.get_by_label("Maximum over z (M)")).to_have_attribute("aria-pressed", "true")
    expect_values(page, 30, 20, [5000, 6000])
    page.get_by_label("Maximum over z (M)").click()
    expect(page.get_by_label("Maximum over z (M)")).to_have_attribute("aria-pressed", "false")
    expect_values(page, 30, 20, list(pixels[0, :, 2, 20, 30]))


def test_time_plays_round_and_stops(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    sign_in(page, live_server, alice)
    open_image(page, live_server, stack)
    page.get_by_label("Play (P)").click()
    for shown in ("2 / 3", "3 / 3", "1 / 3"):
        # Looked at in every frame: each is shown for a moment.
        page.wait_for_function(
            "shown => document.querySelector('output[data-axis=t]').textContent === shown",
            arg=shown,
        )
    page.get_by_label("Play (P)").click()
    expect(page.get_by_label("Play (P)")).to_have_attribute("aria-pressed", "false")


def test_the_label_screen_opens_on_the_working_plane_and_says_when_it_is_left(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset, stack: Image
) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(plane_z=4, plane_t=1)
    pixels = known_stack(frames=3, channels=2, depth=5)
    sign_in(page, live_server, alice)
    open_image(page, live_server, stack, "label")
    expect_values(page, 30, 20, list(pixels[1, :, 4, 20, 30]))
    note = page.locator(".viewer-note")
    expect(note).to_be_hidden()
    page.keyboard.press(",")
    expect(note).to_contain_text("This is plane 4, time 2. The answers are about plane 5, time 2.")
    note.get_by_role("button").click()
    expect(note).to_be_hidden()
    expect_values(page, 30, 20, list(pixels[1, :, 4, 20, 30]))


def test_a_data_set_on_the_maximum_is_labelled_on_the_maximum(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset, stack: Image
) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(projection=Projection.MAX, used_channels=[1])
    sign_in(page, live_server, alice)
    open_image(page, live_server, stack, "label")
    highest = known_stack(frames=3, channels=2, depth=5)[0].max(axis=1)[:, 20, 30]
    expect(page.get_by_label("DAPI", exact=True)).not_to_be_checked()
    expect_channels(page, 30, 20, {1: highest[1]})
    page.keyboard.press("m")
    expect(page.locator(".viewer-note")).to_contain_text("The answers are about the maximum over z")
