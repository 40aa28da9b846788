"""Answers in the gallery by keys, mouse and fingers."""

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Label, LabelChange
from tests.e2e.gallery.screen import (
    answers,
    counts,
    focused,
    middle,
    on_screen,
    open_gallery,
    ready,
    saved,
)
from tests.e2e.team import Team


def test_keys_answer_and_go_on(page: Page, live_server: LiveServer, team: Team) -> None:
    open_gallery(page, live_server, team, team.bob)
    for key in ("1", "n", "3"):
        page.keyboard.press(key)
    counts(page, yes=1, no=1, unsure=1)
    focused(page, 3)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("0")
    counts(page, yes=1, no=1)
    saved(page)
    assert answers(team.bob) == [("cell 1.tif", 0, 0, "yes"), ("cell 1.tif", 0, 1, "no")]
    assert LabelChange.objects.filter(annotator=team.bob, took_ms__isnull=False).count() == 4


def test_the_rest_of_a_screen_is_no_by_one_key_and_one_undo(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    shown = on_screen(page)
    assert 50 <= shown <= 192
    page.keyboard.press("1")
    page.keyboard.press("r")
    counts(page, yes=1, no=shown - 1)
    page.keyboard.press("Control+z")
    counts(page, yes=1)
    page.keyboard.press("Control+Shift+z")
    counts(page, yes=1, no=shown - 1)
    saved(page)
    assert Label.objects.filter(annotator=team.bob, value="no").count() == shown - 1


def test_patches_are_selected_by_keys_and_mouse(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("2")
    counts(page, no=3)
    page.keyboard.press("Escape")
    columns = page.evaluate("window.micraweb.stage.layout.columns")
    page.mouse.move(*middle(page, columns + 1))
    page.mouse.down()
    page.mouse.move(*middle(page, 2 * columns + 2), steps=6)
    page.mouse.up()
    expect(page.locator("#island-gallery[data-selected='4']")).to_be_visible()
    page.keyboard.press("1")
    counts(page, yes=4, no=3)
    page.keyboard.press("Escape")
    page.mouse.click(*middle(page, 3 * columns))
    page.keyboard.down("Shift")
    page.mouse.click(*middle(page, 3 * columns + 4))
    page.keyboard.up("Shift")
    page.keyboard.press("3")
    counts(page, yes=4, no=3, unsure=5)
    page.keyboard.press("Control+a")
    page.keyboard.press("0")
    counts(page)


def test_ctrl_i_takes_what_was_not_selected_and_enter_applies_the_answer(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    shown = on_screen(page)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+i")
    page.locator("[data-answer=no]").click()
    page.keyboard.press("Enter")
    counts(page, no=shown - 2)


def test_a_click_answers_and_a_second_takes_it_back(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.mouse.click(*middle(page, 5))
    counts(page, yes=1)
    page.mouse.click(*middle(page, 5))
    counts(page)


def test_a_press_means_the_patch_in_sight_before_the_page_hears_of_the_scrolling(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    # Larger patches, so that a screen does not hold them all.
    page.keyboard.press("Control+Home")
    page.set_viewport_size({"width": 900, "height": 420})
    ready(page)
    pressed = page.evaluate(
        """() => {
          const { stage } = window.micraweb;
          stage.grid.scrollTop = stage.layout.cell;
          const { left, top } = stage.grid.getBoundingClientRect();
          const middle = stage.layout.cell / 2;
          const at = { clientX: left + middle, clientY: top + middle, pointerId: 1, bubbles: true };
          stage.grid.setPointerCapture = () => undefined;
          for (const type of ["pointerdown", "pointerup"]) {
            stage.grid.dispatchEvent(new PointerEvent(type, at));
          }
          return [stage.grid.scrollTop, stage.layout.columns];
        }"""
    )
    assert pressed[0] > 0, "the list must be longer than the screen"
    counts(page, yes=1)
    focused(page, pressed[1])


def test_fingers_tap_and_swipe(browser: Browser, live_server: LiveServer, team: Team) -> None:
    tablet = browser.new_context(has_touch=True, viewport={"width": 820, "height": 1180})
    page = tablet.new_page()
    open_gallery(page, live_server, team, team.bob)
    page.touchscreen.tap(*middle(page, 1))
    counts(page, yes=1)
    session = tablet.new_cdp_session(page)
    for index, across in ((2, -60), (3, 60)):
        x, y = middle(page, index)
        _touch(session, "touchStart", x, y)
        for step in range(1, 7):
            _touch(session, "touchMove", x + across * step / 6, y)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    counts(page, yes=2, no=1)
    tablet.close()


def _touch(session: object, kind: str, x: float, y: float) -> None:
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})  # type: ignore[attr-defined]


def test_a_structure_has_its_own_answers_and_tab_leads_to_the_next(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    expect(page.locator(f"#island-gallery[data-structure='{team.spots.pk}']")).to_be_visible()
    ready(page)
    counts(page)
    page.keyboard.press("2")
    saved(page)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator(f"#island-gallery[data-structure='{team.rings.pk}']")).to_be_visible()
    saved(page)
    assert answers(team.bob) == []
