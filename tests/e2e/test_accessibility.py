"""The screens on which people answer keep WCAG 2.2 AA, as far as axe-core can tell."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.e2e.axe import violations
from tests.e2e.gallery.screen import open_gallery
from tests.e2e.people import sign_in
from tests.e2e.slowly import kept
from tests.e2e.team import Team, make_team


@pytest.fixture
def team(transactional_db: None) -> Team:
    return make_team(blind=False)


def test_the_gallery_and_its_dialogs_are_accessible(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.alice)
    for key in "123":
        page.keyboard.press(key)
    expect(page.locator("[role=gridcell]").first).to_have_attribute(
        "aria-label", "cell 1.tif, row 1, column 1: Yes"
    )
    assert violations(page) == []
    page.keyboard.press("?")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog", name="The patch in its image")).to_be_visible()
    assert violations(page) == []


def test_the_tour_is_accessible(page: Page, live_server: LiveServer, team: Team) -> None:
    team.bob.preferences.delete()
    open_gallery(page, live_server, team, team.bob)
    expect(page.get_by_role("dialog", name="How this works")).to_be_visible()
    assert violations(page) == []


def test_the_label_screen_is_accessible(page: Page, live_server: LiveServer, team: Team) -> None:
    sign_in(page, live_server, team.bob)
    page.goto(live_server.url + reverse("label", args=[team.images[0].pk]))
    expect(page.locator("#island-label[data-ready=true]")).to_be_visible()
    for key in "123":
        page.keyboard.press(key)
    expect(page.locator("#island-label[data-counts='1,1,1']")).to_be_visible()
    assert violations(page) == []


def test_answers_on_the_label_screen_can_be_undone_after_a_reload(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    sign_in(page, live_server, team.bob)
    page.goto(live_server.url + reverse("label", args=[team.images[0].pk]))
    expect(page.locator("#island-label[data-ready=true]")).to_be_visible()
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator(".saved[data-kind=offline]")).to_contain_text("2 not saved yet")
    # A person who reloads before that is asked whether to stay.
    kept(page, answers=2, steps=2)
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#island-label[data-ready=true][data-saved=true]")).to_be_visible()
    expect(page.locator("#island-label[data-counts='1,1,0']")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.locator("#island-label[data-counts='1,0,0']")).to_be_visible()
    expect(page.locator("#island-label[data-saved=true]")).to_be_visible()
