"""However slow the line: what somebody does is about what they see, in the order of their doing."""

import re

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Label, LeftOut, ModelPatch
from annotations.models.label import Answer
from annotations.services.reviews import Place, keep_model_patch
from tests.e2e.gallery.screen import answers, counts, on_screen, open_gallery, ready, saved
from tests.e2e.slowly import Held, Line, taken_back
from tests.e2e.team import Team


def test_of_two_structures_the_one_chosen_last_is_asked_about(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    held = Held(page, "**/release/")
    open_gallery(page, live_server, team, team.bob)
    held.hold()
    page.keyboard.press("Tab")
    held.wait()
    page.keyboard.press("Tab")
    # Whatever is asked for once the first request is answered comes too late to count.
    with page.expect_response("**/next/"):
        held.let_go()
    ready(page)
    expect(page.locator(f"#island-gallery[data-structure='{team.rings.pk}']")).to_be_visible()
    page.keyboard.press("1")
    saved(page)
    assert Label.objects.get().structure == team.rings


def test_leaving_out_goes_on_at_once_and_undo_waits_for_it(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    held = Held(page, "**/left-out/")
    open_gallery(page, live_server, team, team.bob)
    page.keyboard.press("1")
    held.hold()
    page.keyboard.press("d")
    held.wait()
    page.keyboard.press("2")
    counts(page, yes=1, no=1)
    page.keyboard.press("Control+z")
    counts(page, yes=1, no=1)
    with page.expect_response(taken_back):
        held.let_go()
    expect(page.locator(".gallery-cell[data-out]")).to_have_count(0)
    counts(page, yes=1, no=1)
    saved(page)
    assert [(column, value) for _, _, column, value in answers(team.bob)] == [(0, "yes"), (2, "no")]
    assert not LeftOut.objects.exists()


def test_patches_that_have_yet_to_come_are_not_answered(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    held = Held(page, "**/next/")
    open_gallery(page, live_server, team, team.bob)
    shown = on_screen(page)
    held.hold()
    page.keyboard.press("PageDown")
    held.wait()
    page.keyboard.press("1")
    counts(page)
    held.let_go()
    ready(page)
    page.keyboard.press("1")
    counts(page, yes=1)
    first = page.evaluate("window.micraweb.items.findIndex(({ code }) => code !== 0)")
    assert first == shown


def test_a_key_means_the_screen_in_sight_before_the_page_hears_of_the_scrolling(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.set_viewport_size({"width": 900, "height": 420})
    ready(page)
    columns, scrolled = page.evaluate(
        """() => {
          const { stage } = window.micraweb;
          stage.grid.scrollTop = stage.layout.cell;
          const scrolled = stage.grid.scrollTop > 0;
          const key = { key: "r", code: "KeyR", bubbles: true, cancelable: true };
          stage.grid.dispatchEvent(new KeyboardEvent("keydown", key));
          return [stage.layout.columns, scrolled];
        }"""
    )
    assert scrolled, "the list must be longer than the screen"
    expect(page.locator("#island-gallery")).not_to_have_attribute("data-counts", "0,0,0")
    first = page.evaluate("window.micraweb.items.findIndex(({ code }) => code !== 0)")
    assert first == columns


DRAWN = """() => {
    const { width, height } = document.querySelector(".peek-canvas");
    const pen = document.querySelector(".peek-canvas").getContext("2d");
    return pen.getImageData(width / 2, height / 2, 1, 1).data[3] > 0;
}"""


def test_what_lies_around_a_patch_is_asked_for_again_until_it_comes(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    pictures = Line(page, "**/atlas/**")
    open_gallery(page, live_server, team, team.bob)
    pictures.cut()
    page.keyboard.press("Space")
    peek = page.get_by_role("dialog", name="The patch in its image")
    expect(peek).to_contain_text("cannot be reached")
    pictures.mend()
    page.wait_for_function(DRAWN)
    expect(peek).not_to_contain_text("cannot be reached")


def test_examples_that_did_not_come_are_asked_for_again(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    place = Place(team.dataset, team.rings, team.images[0].pk, 3, 3)
    keep_model_patch(by=team.alice, place=place, use=ModelPatch.Use.EXAMPLE, value=Answer.YES)
    pictures = Line(page, re.compile(r"/atlas/\?cells=\d+:3:3&"))
    pictures.cut()
    lists = Held(page, "**/model-patches/")
    lists.hold()
    open_gallery(page, live_server, team, team.bob)
    lists.wait()
    lists.lose()
    example = page.get_by_alt_text("Example of yes")
    # Not drawn as a picture that is broken.
    expect(example).to_have_css("opacity", "0")
    pictures.mend()
    page.wait_for_function("one => one.naturalWidth > 0", arg=example.element_handle())
    expect(example).to_have_css("opacity", "1")
