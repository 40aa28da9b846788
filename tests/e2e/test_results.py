"""What counts as an object is chosen on the result screen."""

import re

import numpy as np
import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Image, Role, User
from inference.jobs.runner import run as do
from inference.models import Segmentation
from inference.objects.choice import Separation
from inference.services.runs import apply_separation
from tests import factories
from tests.e2e.axe import violations
from tests.e2e.people import experienced, sign_in
from tests.support.stacks import known_stack, make_stack
from tests.support.worker import Worker

SIDES = (3, 10, 19, 20, 21)
PIXEL_UM = 0.5


@pytest.fixture
def result(alice: User) -> Segmentation:
    """Squares of 9, 100, 361, 400 and 441 px in an image of 0.5 µm per px, counted by default."""
    project = factories.make_project(manager=alice)
    structure = factories.make_structure(project=project, name="Cell")
    dataset = factories.make_dataset(project=project)
    image = factories.make_image(
        dataset=dataset, store=True, pixel_size_y_um=PIXEL_UM, pixel_size_x_um=PIXEL_UM
    )
    model = factories.make_model(dataset=dataset, structures=[structure])
    own = factories.make_segmentation(
        image=image, model=model, structure=structure, map_=_squares(image)
    )
    # Made otherwise, so that this is a count anew.
    Segmentation.objects.update(separation_method="none")
    run = apply_separation(by=alice, model=model, structure=structure, separation=Separation())
    do(run.pk)
    own.refresh_from_db()
    assert own.object_count == 4
    return own


def _squares(image: Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    map_ = np.zeros((image.height, image.width), np.uint8)
    left = 2
    for side in SIDES:
        map_[4 : 4 + side, left : left + side] = 200
        left += side + 3
    return map_


def _open(page: Page, live_server: LiveServer, result: Segmentation) -> None:
    page.goto(live_server.url + reverse("results", args=[result.image_id]))
    expect(page.locator("#island-results[data-ready=true]")).to_be_visible()


def _areas(page: Page) -> list[float]:
    """px, of the object table, which shows µm²."""
    rows = page.locator(".objects tbody tr")
    expect(rows.first).to_be_visible()
    heads = page.locator(".objects th").all_inner_texts()
    (place,) = (n for n, head in enumerate(heads, start=1) if head.startswith("Area (µm²)"))
    cells = page.locator(f".objects tbody td:nth-child({place})").all_inner_texts()
    return [float(text) / PIXEL_UM**2 for text in cells]


def _facts(page: Page) -> Locator:
    return page.locator(".result-facts")


def test_a_manager_chooses_the_smallest_object_and_all_images_are_counted_anew(
    page: Page, live_server: LiveServer, alice: User, result: Segmentation, worker: Worker
) -> None:
    sign_in(page, live_server, alice)
    _open(page, live_server, result)
    expect(_facts(page)).to_contain_text("4 objects")
    page.locator("summary", has_text="Objects").click()
    large = [area for area in _areas(page) if area >= 400]
    assert len(large) == 2
    field, unit = page.get_by_label("Smallest object of"), page.get_by_label("Unit for Cell")
    again = page.get_by_role("button", name="Count all images anew")
    expect(field).to_have_attribute("placeholder", "4 (16 px)")
    unit.select_option("px")
    expect(field).to_have_attribute("placeholder", "16")
    expect(again).to_be_hidden()
    field.fill("400")
    # With 441 px, it is more than half of all area.
    expect(page.get_by_text("The usual object here has 400\u00a0px.")).to_be_visible()
    assert violations(page) == []
    again.click()
    expect(_facts(page)).to_contain_text(f"{len(large)} objects")
    page.reload()
    expect(_facts(page)).to_contain_text(f"{len(large)} objects")
    expect(field).to_have_value("400")
    expect(unit).to_have_value("px")
    expect(again).to_be_hidden()
    page.locator("summary", has_text="Objects").click()
    assert sorted(_areas(page)) == sorted(large)


# 1024 less a bar to scroll by, which this browser lays over the page.
@pytest.mark.parametrize("width", [1440, 1009])
def test_the_objects_of_an_image_of_four_channels_fit_beside_the_panel(
    page: Page, live_server: LiveServer, alice: User, width: int
) -> None:
    project = factories.make_project(manager=alice)
    structure = factories.make_structure(project=project)
    dataset = factories.make_dataset(project=project)
    image = make_stack(known_stack(channels=4), dataset=dataset)
    model = factories.make_model(dataset=dataset, structures=[structure])
    factories.make_segmentation(image=image, model=model, structure=structure, map_=_squares(image))
    run = apply_separation(
        by=alice, model=model, structure=structure, separation=Separation("none")
    )
    do(run.pk)
    sign_in(page, live_server, alice)
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(live_server.url + reverse("results", args=[image.pk]))
    page.locator("summary", has_text="Objects").click()
    expect(page.locator(".objects th")).to_have_count(13)
    objects = page.locator(".objects")
    assert objects.evaluate("all => all.scrollWidth - all.clientWidth") == 0


def test_the_smallest_object_without_a_choice_is_the_servers(
    page: Page,
    live_server: LiveServer,
    alice: User,
    result: Segmentation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("inference.api.segmentations.MIN_OBJECT_PX", 24)
    sign_in(page, live_server, alice)
    _open(page, live_server, result)
    expect(page.get_by_label("Smallest object of")).to_have_attribute("placeholder", "6 (24 px)")


def test_what_is_no_area_is_refused_with_a_sentence(
    page: Page, live_server: LiveServer, alice: User, result: Segmentation
) -> None:
    sign_in(page, live_server, alice)
    _open(page, live_server, result)
    page.get_by_label("Smallest object of").fill("0")
    page.get_by_role("button", name="Count all images anew").click()
    expect(page.get_by_text("The smallest object has an area above zero.")).to_be_visible()
    expect(_facts(page)).to_contain_text("4 objects")


def test_viewers_read_what_counts_and_change_nothing(
    page: Page, live_server: LiveServer, result: Segmentation
) -> None:
    viewer = experienced(factories.make_user("victor"))
    project = result.image.dataset.project
    factories.make_member(project=project, user=viewer, role=Role.VIEWER)
    result.model.outputs.update(separation_unit="um", separation_smallest=99.5)
    Segmentation.objects.update(separation_unit="um", separation_smallest=99.5)
    sign_in(page, live_server, viewer)
    _open(page, live_server, result)
    field = page.get_by_label("Smallest object of")
    expect(field).to_have_value("99.5")
    expect(field).to_be_disabled()
    expect(page.get_by_label("Unit for Cell")).to_be_disabled()
    expect(page.get_by_text(re.compile("^Smaller ones are left out"))).to_be_hidden()
    page.get_by_role("button", name="About the smallest object").click()
    expect(page.get_by_text(re.compile("^Smaller ones are left out"))).to_be_visible()
    assert violations(page) == []
    expect(page.get_by_role("button", name="Count all images anew")).to_be_hidden()
