"""Answers outlive a reload, a lost connection and a closed tab, and are each person's own."""

import re

from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Label
from tests.e2e.gallery.screen import answers, browse, counts, on_screen, open_gallery, ready, saved
from tests.e2e.people import sign_in
from tests.e2e.slowly import kept
from tests.e2e.team import Team


def test_what_was_done_can_be_undone_after_a_reload(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.keyboard.press("1")
    page.keyboard.press("r")
    saved(page)
    page.reload()
    ready(page)
    page.keyboard.press("Control+z")
    saved(page)
    assert answers(team.bob) == [("cell 1.tif", 0, 0, "yes")]
    page.keyboard.press("Control+z")
    saved(page)
    assert answers(team.bob) == []
    page.reload()
    ready(page)
    page.keyboard.press("Control+Shift+z")
    saved(page)
    assert answers(team.bob) == [("cell 1.tif", 0, 0, "yes")]


def test_answers_wait_without_a_connection_and_arrive_with_it(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.context.set_offline(True)
    for key in "1212":
        page.keyboard.press(key)
    expect(page.locator(".saved[data-kind=offline]")).to_contain_text("4 not saved yet")
    counts(page, yes=2, no=2)
    assert not Label.objects.filter(annotator=team.bob).exists()
    page.context.set_offline(False)
    saved(page)
    assert [value for *_, value in answers(team.bob)] == ["yes", "no", "yes", "no"]


def test_a_tab_that_closes_without_a_connection_loses_nothing(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("r")
    shown = on_screen(page)
    expect(page.locator(".saved[data-kind=offline]")).to_be_visible()
    # Closed at once, a page would ask whether to stay: a browser that is driven is not asked.
    kept(page, answers=shown, steps=2)
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    open_gallery(again, live_server, team, team.bob)
    saved(again)
    assert Label.objects.filter(annotator=team.bob).count() == shown


def test_answers_are_those_of_whom_the_page_is_for_whoever_signs_in_beside_it(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.keyboard.press("1")
    refused = page.locator(".saved[data-kind=refused]")
    expect(refused).to_have_attribute("title", "You are signed out. Sign in again.")
    sign_in(page, live_server, team.carol)
    page.keyboard.press("2")
    expect(refused).to_have_attribute("title", re.compile("carol is signed in by now"))
    expect(refused).to_contain_text("2 not accepted")
    assert not Label.objects.exists()
    sign_in(page, live_server, team.bob)
    page.get_by_role("button", name="Retry").click()
    saved(page)
    assert [value for *_, value in answers(team.bob)] == ["yes", "no"]


def test_two_people_answer_at_once_and_see_only_their_own(
    people: list[Page], live_server: LiveServer, team: Team
) -> None:
    bob, carol = people
    open_gallery(bob, live_server, team, team.bob)
    open_gallery(carol, live_server, team, team.carol)
    for _ in range(10):
        bob.keyboard.press("1")
        carol.keyboard.press("2")
    for page in (bob, carol):
        saved(page)
    counts(bob, yes=10)
    counts(carol, no=10)
    browse(carol)
    carol.get_by_label("Show", exact=True).select_option("With my answer")
    ready(carol)
    counts(carol, no=10)
    assert [value for *_, value in answers(team.bob)] == ["yes"] * 10
    assert [value for *_, value in answers(team.carol)] == ["no"] * 10
