"""However slow the line: what somebody does on the label screen is about what they see."""

from playwright.sync_api import APIResponse, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import LeftOut, ModelPatch
from tests.e2e.label.screen import answers, counts, open_label, saved
from tests.e2e.slowly import Held, taken_back, until
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


def test_a_known_answer_that_is_kept_in_the_first_moment_stays_in_sight(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    """The list of those before was read earlier, and comes later."""
    lists: list[tuple[Route, APIResponse]] = []

    def late(route: Route) -> None:
        if route.request.method == "GET":
            lists.append((route, route.fetch()))
        else:
            route.fallback()

    page.route("**/model-patches/", late)
    open_label(page, live_server, team, team.alice)
    # Of the known answers, and of the examples.
    until(page, lambda: len(lists) == 2)
    example = page.get_by_role("button", name="Example", exact=True)
    # As people do it: a button that waits takes no click.
    example.evaluate("button => button.click()")
    page.wait_for_timeout(500)
    for route, answer in lists:
        route.fulfill(response=answer)
    expect(example).to_be_enabled()
    kept = ModelPatch.objects.exists()
    expect(example).to_have_attribute("aria-pressed", str(kept).lower())
    page.unroute("**/model-patches/")
    if not kept:
        example.click()
    expect(example).to_have_attribute("aria-pressed", "true")
