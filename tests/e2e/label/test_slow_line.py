"""However slow the line: what somebody does on the label screen is about what they see."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import LeftOut
from tests.e2e.label.screen import answers, counts, open_label, saved
from tests.e2e.slowly import Held, taken_back
from tests.e2e.team import Team


def test_undo_waits_for_a_patch_that_is_being_left_out(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    held = Held(page, "**/left-out/")
    open_label(page, live_server, team, team.bob)
    page.keyboard.press("1")
    held.hold()
    page.keyboard.press("d")
    held.wait()
    page.keyboard.press("Control+z")
    with page.expect_response(taken_back):
        held.let_go()
    expect(page.locator("#island-label[data-left-out='0']")).to_be_visible()
    counts(page, yes=1)
    saved(page)
    assert answers(team.bob) == {(0, 0): "yes"}
    assert not LeftOut.objects.exists()


def test_an_answer_before_the_earlier_ones_are_here_is_not_taken_and_told(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    held = Held(page, f"**/labels/?structure={team.spots.pk}")
    held.hold()
    open_label(page, live_server, team, team.bob)
    page.keyboard.press("Tab")
    held.wait()
    page.keyboard.press("1")
    expect(page.locator(".work-toast")).to_contain_text("still being loaded")
    counts(page)
    held.let_go()
    expect(page.locator("#island-label[data-answers-here=true]")).to_be_visible()
    page.keyboard.press("2")
    counts(page, no=1)
    saved(page)
    assert answers(team.bob) == {(0, 0): "no"}
