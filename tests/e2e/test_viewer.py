"""Looking at images: what is drawn and said is what is in the file."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from django.urls import reverse
from playwright.sync_api import Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Dataset, DisplaySettings, Image, Projection, Role, User
from tests import factories
from tests.e2e.people import experienced, sign_in
from tests.support.large import MARK, MARKED, make_large
from tests.support.stacks import known_stack, make_stack


@pytest.fixture
def alice(transactional_db: None) -> User:
    return experienced(factories.make_user("alice"))


@pytest.fixture
def dataset(alice: User) -> Dataset:
    project = factories.make_project(manager=alice, name="Stacks")
    factories.make_structure(project=project, name="Disc")
    return factories.make_dataset(project=project, name="Slide 1")


@pytest.fixture
def stack(dataset: Dataset) -> Image:
    return make_stack(known_stack(frames=3, channels=2, depth=5), dataset=dataset, name="a.tif")


def _open(page: Page, live_server: LiveServer, image: Image, name: str = "image") -> None:
    page.goto(live_server.url + reverse(name, args=[image.pk]))
    page.wait_for_selector(f"#island-{name}[data-ready=true]")
    _drawn(page)


def _drawn(page: Page) -> None:
    page.wait_for_selector(".viewer[data-ready=true]")


def _hover(page: Page, x: int, y: int) -> None:
    """Put the mouse over the middle of a pixel."""
    at = page.evaluate("([x, y]) => window.micraweb.clientPoint(x, y)", [x + 0.5, y + 0.5])
    page.mouse.move(*at)


def _values(page: Page, x: int, y: int) -> dict[int, float]:
    """What the readout says of a pixel, by channel."""
    _hover(page, x, y)
    spans = page.locator(".viewer-values [data-channel]").all()
    return {
        int(span.get_attribute("data-channel") or -1): float(span.get_attribute("data-value") or 0)
        for span in spans
    }


def _expect_values(page: Page, x: int, y: int, expected: list[int]) -> None:
    """Wait until the readout says these values, one per channel, under a mouse that rests."""
    _hover(page, x, y)
    spans = page.locator(".viewer-values [data-channel]")
    expect(spans).to_have_count(len(expected))
    for channel, value in enumerate(expected):
        expect(spans.nth(channel)).to_have_attribute("data-value", str(value))


@contextmanager
def _requests(page: Page) -> Iterator[list[str]]:
    """Every request the page makes meanwhile."""
    seen: list[str] = []

    def note(request: Request) -> None:
        seen.append(request.url)

    page.on("request", note)
    yield seen
    page.remove_listener("request", note)


def test_planes_and_times_show_their_own_pixels(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    pixels = known_stack(frames=3, channels=2, depth=5)
    sign_in(page, live_server, alice)
    _open(page, live_server, stack)
    # The middle plane of the first time point.
    _expect_values(page, 30, 20, list(pixels[0, :, 2, 20, 30]))
    page.keyboard.press(".")
    expect(page.locator("output[data-axis=z]")).to_have_text("4 / 5")
    _expect_values(page, 30, 20, list(pixels[0, :, 3, 20, 30]))
    page.keyboard.press("l")
    expect(page.locator("output[data-axis=t]")).to_have_text("2 / 3")
    _expect_values(page, 30, 20, list(pixels[1, :, 3, 20, 30]))
    page.get_by_label("Plane", exact=True).fill("1")
    expect(page.locator("output[data-axis=z]")).to_have_text("1 / 5")
    _expect_values(page, 95, 63, list(pixels[1, :, 0, 63, 95]))


def test_the_maximum_is_that_of_all_planes_and_goes_back(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = known_stack(channels=2, depth=4)
    pixels[0, 0, 1, 20, 30] = 5000
    pixels[0, 1, 3, 20, 30] = 6000
    image = make_stack(pixels, dataset=dataset)
    sign_in(page, live_server, alice)
    _open(page, live_server, image)
    page.keyboard.press("m")
    expect(page.get_by_label("Maximum over z (M)")).to_have_attribute("aria-pressed", "true")
    _expect_values(page, 30, 20, [5000, 6000])
    page.get_by_label("Maximum over z (M)").click()
    expect(page.get_by_label("Maximum over z (M)")).to_have_attribute("aria-pressed", "false")
    _expect_values(page, 30, 20, list(pixels[0, :, 2, 20, 30]))


def test_time_plays_round_and_stops(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    sign_in(page, live_server, alice)
    _open(page, live_server, stack)
    page.get_by_label("Play (P)").click()
    for shown in ("2 / 3", "3 / 3", "1 / 3"):
        expect(page.locator("output[data-axis=t]")).to_have_text(shown)
    page.get_by_label("Play (P)").click()
    expect(page.get_by_label("Play (P)")).to_have_attribute("aria-pressed", "false")


def test_contrast_changes_what_is_drawn_and_asks_the_server_nothing(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    image = make_stack(np.full((1, 1, 1, 64, 96), 500, np.uint16), dataset=dataset)
    sign_in(page, live_server, alice)
    _open(page, live_server, image)
    with _requests(page) as seen:
        for value, blue in (("1000", 128), ("2000", 64)):
            page.get_by_label("Black value of DAPI").fill("0")
            page.get_by_label("White value of DAPI").fill(value)
            page.keyboard.press("Tab")
            _wait_for_blue(page, blue)
        page.get_by_label("Gamma of DAPI").fill("1")
        _wait_for_blue(page, 128)
        page.get_by_label("Colour of DAPI").fill("#000080")
        _wait_for_blue(page, 64)
    assert [url for url in seen if "/display/" not in url] == []


def _wait_for_blue(page: Page, blue: int) -> None:
    page.wait_for_function(
        "blue => Math.abs(window.micraweb.pixelAt(48, 32)[2] - blue) < 4", arg=blue
    )


def test_a_hidden_channel_is_not_drawn_and_shown_again_without_a_request(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    sign_in(page, live_server, alice)
    _open(page, live_server, stack)
    with _requests(page) as seen:
        page.get_by_label("GFP", exact=True).uncheck()
        page.wait_for_function("() => window.micraweb.pixelAt(90, 60)[1] === 0")
        page.get_by_label("GFP", exact=True).check()
        page.wait_for_function("() => window.micraweb.pixelAt(90, 60)[1] > 10")
    assert [url for url in seen if "/display/" not in url] == []


def test_of_twelve_channels_ten_are_drawn_at_most(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = known_stack(channels=12)
    image = make_stack(pixels, dataset=dataset)
    sign_in(page, live_server, alice)
    _open(page, live_server, image)
    page.locator("summary", has_text="Channels").click()
    boxes = page.locator(".channel input[type=checkbox]")
    expect(boxes).to_have_count(12)
    for index in range(4, 10):
        boxes.nth(index).check()
    _expect_values(page, 30, 20, list(pixels[0, :10, 0, 20, 30]))
    boxes.nth(10).click()
    expect(page.locator(".work-toast")).to_contain_text("10 channels are drawn at most")
    expect(boxes.nth(10)).not_to_be_checked()
    boxes.nth(0).uncheck()
    boxes.nth(11).check()
    _hover(page, 30, 20)
    last = page.locator(".viewer-values [data-channel='11']")
    expect(last).to_have_attribute("data-value", str(pixels[0, 11, 0, 20, 30]))


def test_auto_takes_the_values_that_are_there_and_reset_those_of_the_import(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = known_stack(depth=3)
    image = make_stack(pixels, dataset=dataset)
    sign_in(page, live_server, alice)
    _open(page, live_server, image)
    white = page.get_by_label("White value of DAPI")
    came = white.input_value()
    white.fill("60000")
    page.keyboard.press("Tab")
    page.get_by_label("Auto contrast of DAPI").click()
    expected = np.percentile(pixels[0, 0, 1], 99.9)
    assert float(white.input_value()) == pytest.approx(expected, abs=1)
    page.get_by_role("button", name="Reset").click()
    expect(white).to_have_value(came)


def test_settings_are_kept_and_shared_with_the_next_image_but_nobody_else(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset, stack: Image
) -> None:
    other = make_stack(known_stack(channels=2), dataset=dataset, name="b.tif")
    sign_in(page, live_server, alice)
    _open(page, live_server, stack)
    with page.expect_response(lambda answer: "/display/" in answer.url and answer.ok):
        page.get_by_label("White value of GFP").fill("777")
        page.get_by_label("DAPI", exact=True).uncheck()
    page.reload()
    _drawn(page)
    expect(page.get_by_label("White value of GFP")).to_have_value("777")
    page.keyboard.press("]")
    page.wait_for_url(f"**/images/{other.pk}/")
    _drawn(page)
    expect(page.get_by_label("White value of GFP")).to_have_value("777")
    expect(page.get_by_label("DAPI", exact=True)).not_to_be_checked()
    assert DisplaySettings.objects.get().user == alice


def test_leaving_at_once_keeps_the_last_change(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    sign_in(page, live_server, alice)
    _open(page, live_server, stack)
    page.get_by_label("White value of GFP").fill("888")
    page.keyboard.press("Tab")
    _open(page, live_server, stack, "label")
    expect(page.get_by_label("White value of GFP")).to_have_value("888")


def test_the_label_screen_opens_on_the_working_plane_and_says_when_it_is_left(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset, stack: Image
) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(plane_z=4, plane_t=1)
    pixels = known_stack(frames=3, channels=2, depth=5)
    sign_in(page, live_server, alice)
    _open(page, live_server, stack, "label")
    _expect_values(page, 30, 20, list(pixels[1, :, 4, 20, 30]))
    note = page.locator(".viewer-note")
    expect(note).to_be_hidden()
    page.keyboard.press(",")
    expect(note).to_contain_text("This is plane 4, time 2. The answers are about plane 5, time 2.")
    note.get_by_role("button").click()
    expect(note).to_be_hidden()
    _expect_values(page, 30, 20, list(pixels[1, :, 4, 20, 30]))


def test_a_data_set_on_the_maximum_is_labelled_on_the_maximum(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset, stack: Image
) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(projection=Projection.MAX, used_channels=[1])
    sign_in(page, live_server, alice)
    _open(page, live_server, stack, "label")
    highest = known_stack(frames=3, channels=2, depth=5)[0].max(axis=1)[:, 20, 30]
    expect(page.get_by_label("DAPI", exact=True)).not_to_be_checked()
    assert _values(page, 30, 20) == {1: highest[1]}
    page.keyboard.press("m")
    expect(page.locator(".viewer-note")).to_contain_text("The answers are about the maximum over z")


def test_the_overview_moves_the_image(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    image = make_stack(known_stack(height=900, width=1200), dataset=dataset)
    sign_in(page, live_server, alice)
    _open(page, live_server, image)
    overview = page.locator(".viewer-minimap")
    expect(overview).to_be_hidden()
    for _ in range(4):
        page.keyboard.press("+")
    expect(overview).to_be_visible()
    box = overview.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.9)
    _drawn(page)
    stage = page.locator(".viewer-canvas").bounding_box()
    assert stage is not None
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    found = page.locator(".viewer-readout > span").first.inner_text()
    x, y = (int(number) for number in re.findall(r"\d+", found)[:2])
    assert (abs(x - 1080) <= 20, abs(y - 810) <= 20) == (True, True), found
    page.keyboard.press("b")
    expect(overview).to_be_hidden()


def test_one_pixel_lies_on_one_pixel(
    page: Page, live_server: LiveServer, alice: User, stack: Image
) -> None:
    sign_in(page, live_server, alice)
    _open(page, live_server, stack)
    page.keyboard.press("x")
    left, right = (page.evaluate("x => window.micraweb.clientPoint(x, 0)[0]", x) for x in (0, 96))
    assert right - left == pytest.approx(96, abs=0.01)


def test_a_colour_picture_keeps_its_colours(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = np.zeros((1, 3, 1, 64, 96), np.uint8)
    pixels[0, :, 0] = np.array([200, 120, 40])[:, None, None]
    image = make_stack(pixels, dataset=dataset, is_rgb=True)
    sign_in(page, live_server, alice)
    _open(page, live_server, image)
    assert page.evaluate("() => window.micraweb.pixelAt(48, 32).slice(0, 3)") == [200, 120, 40]
    assert _values(page, 10, 10) == {0: 200, 1: 120, 2: 40}


def test_a_strip_three_pixels_wide_is_drawn(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    pixels = known_stack(height=40, width=3)
    sign_in(page, live_server, alice)
    _open(page, live_server, make_stack(pixels, dataset=dataset))
    _expect_values(page, 2, 39, [pixels[0, 0, 0, 39, 2]])


def test_a_viewer_looks_and_is_not_offered_to_label(
    page: Page, live_server: LiveServer, dataset: Dataset, stack: Image
) -> None:
    dora = factories.make_member(project=dataset.project, role=Role.VIEWER).user
    sign_in(page, live_server, dora)
    page.goto(live_server.url + reverse("dataset", args=[dataset.pk]))
    page.get_by_role("link", name="View", exact=True).click()
    page.wait_for_url(f"**/images/{stack.pk}/")
    _drawn(page)
    expect(page.get_by_role("link", name="Results")).to_be_visible()
    expect(page.get_by_role("link", name="Label", exact=True)).to_have_count(0)


@pytest.mark.parametrize(
    ("state", "error", "heading"),
    [
        (Image.State.IMPORTING, "", "is being imported"),
        (Image.State.WAITING, "", "waits for an answer"),
        (Image.State.REFUSED, "The file is empty.", "could not be imported"),
    ],
)
def test_an_image_that_is_not_there_says_why(
    page: Page,
    live_server: LiveServer,
    alice: User,
    dataset: Dataset,
    state: Image.State,
    error: str,
    heading: str,
) -> None:
    image = factories.make_image(dataset=dataset, state=state, error=error)
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("image", args=[image.pk]))
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    if error:
        expect(page.get_by_role("alert")).to_contain_text(error)


def test_of_a_slide_only_what_is_in_sight_is_fetched(
    page: Page, live_server: LiveServer, alice: User, dataset: Dataset
) -> None:
    """20,000 x 20,000 px: 2,136 chunks, of which the first view needs a handful."""
    slide = make_large(dataset)
    sign_in(page, live_server, alice)
    with _requests(page) as seen:
        _open(page, live_server, slide)
    assert 0 < sum("/c/0/" in url for url in seen) <= 24
    row, column = (place * 512 + 256 for place in MARK)
    for _ in range(10):
        _hover(page, column, row)
        page.mouse.wheel(0, -300)
    _drawn(page)
    with _requests(page) as seen:
        _expect_values(page, column, row, [MARKED])
        page.mouse.move(900, 500)
        page.mouse.down()
        page.mouse.move(300, 300, steps=5)
        page.mouse.up()
        _drawn(page)
    fetched = [url for url in seen if "/store/0/c/" in url]
    assert len(fetched) <= 12
