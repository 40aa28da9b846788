"""Answers on the label screen by keys, mouse and fingers."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Lease, LeftOut, Repeat
from tests.e2e.label.screen import (
    answers,
    click,
    counts,
    drag,
    middle,
    open_label,
    ready,
    saved,
    selected,
)
from tests.e2e.team import Team
from tests.factories import make_label


def test_patches_are_painted_selected_and_answered_together(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.bob)
    drag(page, (0, 0), (0, 3))
    counts(page, yes=4)
    # A click on a patch that has the answer takes it back.
    click(page, 0, 0)
    counts(page, yes=3)
    page.keyboard.down("Shift")
    drag(page, (2, 1), (3, 3))
    page.keyboard.up("Shift")
    selected(page, 6)
    page.keyboard.press("2")
    counts(page, yes=3, no=6)
    click(page, 5, 0, modifiers=["Control"])
    selected(page, 7)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    click(page, 7, 1, modifiers=["Shift"])
    selected(page, 4)
    page.keyboard.press("3")
    counts(page, yes=3, no=6, unsure=4)
    saved(page)
    assert sorted(answers(team.bob).values()) == ["no"] * 6 + ["unsure"] * 4 + ["yes"] * 3


def test_everything_in_sight_is_selected_inverted_and_answered_by_enter(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.bob)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+i")
    selected(page, 62)
    page.locator("[data-answer=no]").click()
    page.keyboard.press("Enter")
    counts(page, no=62)
    page.keyboard.press("Control+a")
    selected(page, 64)
    page.keyboard.press("0")
    counts(page)
    page.keyboard.press("Escape")
    selected(page, 0)


def test_the_rest_in_sight_is_no_by_one_key_and_one_undo_also_after_a_reload(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.bob)
    page.keyboard.press("1")
    page.keyboard.press("r")
    counts(page, yes=1, no=63)
    saved(page)
    page.reload()
    ready(page)
    counts(page, yes=1, no=63)
    page.keyboard.press("Control+z")
    counts(page, yes=1)
    page.keyboard.press("Control+Shift+z")
    counts(page, yes=1, no=63)
    page.keyboard.press("Control+z")
    saved(page)
    assert answers(team.bob) == {(0, 0): "yes"}


def test_the_rest_is_of_what_is_in_sight_alone(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.bob)
    click(page, 4, 4)
    page.keyboard.press("Space")
    rest = page.get_by_role("button", name="Rest in sight is no")
    expect(rest).not_to_contain_text("(63)")
    page.keyboard.press("r")
    saved(page)
    given = answers(team.bob)
    assert 20 <= len(given) < 64
    assert given.pop((4, 4)) == "yes"
    assert set(given.values()) == {"no"}
    assert (0, 0) not in given
    # Space goes back to the whole image.
    page.keyboard.press("Space")
    expect(rest).to_contain_text(f"({63 - len(given)})")


def test_what_looks_alike_is_flooded_and_grows(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.bob)
    click(page, 3, 3, modifiers=["Alt"])
    screen = page.locator("#island-label")
    expect(screen).not_to_have_attribute("data-selected", "0")
    first = int(screen.get_attribute("data-selected") or 0)
    page.keyboard.press("g")
    expect(screen).not_to_have_attribute("data-selected", str(first))
    more = int(screen.get_attribute("data-selected") or 0)
    assert first < more <= 64
    page.keyboard.press("s")
    selected(page, first)
    page.keyboard.press("g")
    selected(page, more)
    page.keyboard.press("1")
    counts(page, yes=more)
    page.keyboard.press("Control+z")
    counts(page)


def test_leaving_out_is_undone_like_answers_also_after_a_reload(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.bob)
    page.keyboard.press("1")
    page.keyboard.press("d")
    expect(page.locator("#island-label[data-left-out='1']")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    # The patch that is left out is passed over.
    page.keyboard.press("2")
    expect(page.locator("#island-label[data-focus='0,2']")).to_be_visible()
    counts(page, no=1)
    saved(page)
    page.reload()
    ready(page)
    # What can be undone is read from the browser's own database.
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    page.keyboard.press("Control+z")
    counts(page, yes=1)
    page.keyboard.press("Control+z")
    expect(page.locator("#island-label[data-left-out='0']")).to_be_visible()
    assert not LeftOut.objects.exists()
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#island-label[data-left-out='1']")).to_be_visible()
    assert list(LeftOut.objects.values_list("row", "column")) == [(0, 1)]


def test_fingers_tap_swipe_and_move_the_image(
    browser: Browser, live_server: LiveServer, team: Team
) -> None:
    tablet = browser.new_context(has_touch=True, viewport={"width": 820, "height": 1180})
    page = tablet.new_page()
    open_label(page, live_server, team, team.bob)
    page.touchscreen.tap(*middle(page, 0, 0))
    counts(page, yes=1)
    session = tablet.new_cdp_session(page)
    _swipe(session, [[middle(page, 2, 1)], [middle(page, 2, 4)]])
    counts(page, yes=5)
    before = middle(page, 4, 4)
    (x, y), (x2, y2) = middle(page, 4, 2), middle(page, 4, 5)
    _swipe(session, [[(x, y), (x2, y2)], [(x + 60, y + 40), (x2 + 60, y2 + 40)]])
    after = middle(page, 4, 4)
    # What the first finger began was not meant: nothing is painted.
    counts(page, yes=5)
    assert np.subtract(after, before) == pytest.approx([60, 40], abs=3)
    tablet.close()


def _swipe(session: CDPSession, way: list[list[tuple[float, float]]], steps: int = 6) -> None:
    """Fingers from their first places to their last, all at once."""
    start, end = np.array(way[0]), np.array(way[1])
    for step in range(steps + 1):
        at = start + (end - start) * step / steps
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(at.tolist())]
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_correction_stands_while_the_queue_asks_about_the_patch_again(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    first = make_label(image=team.images[0], structure=team.rings, annotator=team.bob)
    Lease.objects.create(
        image=first.image,
        structure=first.structure,
        row=first.row,
        column=first.column,
        annotator=team.bob,
        is_repeat=True,
        expires_at=timezone.now() + timedelta(minutes=5),
    )
    open_label(page, live_server, team, team.bob)
    counts(page, yes=1)
    page.keyboard.press("2")
    saved(page)
    page.reload()
    ready(page)
    counts(page, no=1)
    assert not Repeat.objects.exists()
