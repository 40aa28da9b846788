"""The gallery by keys, mouse and fingers, and what two people see of each other."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Label, LabelChange, ModelPatch, User
from annotations.models.label import Answer
from annotations.services.reviews import Place, keep_model_patch
from tests.e2e.gallery import (
    Team,
    browse,
    counts,
    focus,
    middle,
    on_screen,
    open_gallery,
    ready,
    saved,
)


def _values(team: Team, user: User) -> list[tuple[str, int, int, str]]:
    mine = Label.objects.filter(annotator=user).order_by("image__name", "row", "column")
    return list(mine.values_list("image__name", "row", "column", "value"))


def test_keys_answer_and_go_on(page: Page, live_server: LiveServer, team: Team) -> None:
    open_gallery(page, live_server, team, team.bob)
    for key in ("1", "n", "3"):
        page.keyboard.press(key)
    counts(page, yes=1, no=1, unsure=1)
    assert focus(page) == 3
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("0")
    counts(page, yes=1, no=1)
    saved(page)
    assert _values(team, team.bob) == [("cell 1.tif", 0, 0, "yes"), ("cell 1.tif", 0, 1, "no")]
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
    assert _values(team, team.bob) == [("cell 1.tif", 0, 0, "yes")]
    page.keyboard.press("Control+z")
    saved(page)
    assert _values(team, team.bob) == []
    page.reload()
    ready(page)
    page.keyboard.press("Control+Shift+z")
    saved(page)
    assert _values(team, team.bob) == [("cell 1.tif", 0, 0, "yes")]


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
    assert [value for *_, value in _values(team, team.bob)] == ["yes", "no", "yes", "no"]


def test_a_tab_that_closes_without_a_connection_loses_nothing(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("r")
    shown = on_screen(page)
    expect(page.locator(".saved[data-kind=offline]")).to_be_visible()
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    open_gallery(again, live_server, team, team.bob)
    saved(again)
    assert Label.objects.filter(annotator=team.bob).count() == shown


def test_two_people_answer_at_once_and_see_only_their_own(
    browser: Browser, live_server: LiveServer, team: Team
) -> None:
    contexts = [browser.new_context() for _ in range(2)]
    bob, carol = (context.new_page() for context in contexts)
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
    assert [value for *_, value in _values(team, team.bob)] == ["yes"] * 10
    assert [value for *_, value in _values(team, team.carol)] == ["no"] * 10
    for context in contexts:
        context.close()


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
    assert _values(team, team.bob) == []


def test_filters_and_orders_show_other_patches(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    expect(page.locator("#island-gallery[data-total='192']")).to_be_visible()
    page.get_by_label("Image", exact=True).select_option("cell 2.tif")
    expect(page.locator("#island-gallery[data-total='64']")).to_be_visible()
    page.get_by_label("Order").select_option("Random")
    ready(page)
    page.locator(".gallery-grid").focus()
    page.keyboard.press("1")
    saved(page)
    [(image, *_)] = _values(team, team.bob)
    assert image == "cell 2.tif"
    page.keyboard.press("l")
    expect(page.get_by_label("Order")).to_have_value("similar")


def test_space_shows_the_patch_in_its_image(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.keyboard.press("Space")
    dialog = page.get_by_role("dialog", name="The patch in its image")
    expect(dialog).to_contain_text("cell 1.tif, row 1, column 1")
    page.keyboard.press("Space")
    expect(dialog).to_be_hidden()
    page.keyboard.press("2")
    counts(page, no=1)


def test_a_key_can_be_changed_and_a_conflict_is_told(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.keyboard.press("?")
    page.locator("[data-command=yes]").click()
    page.keyboard.press("r")
    expect(page.locator(".keys-note")).to_contain_text("The rest of this screen is no")
    page.keyboard.press("j")
    expect(page.locator(".keys-note")).to_contain_text("J now means")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    counts(page, yes=1)
    page.reload()
    ready(page)
    page.keyboard.press("j")
    counts(page, yes=1)
    saved(page)
    assert len(_values(team, team.bob)) == 2


@pytest.mark.parametrize("screen", ["gallery", "label"])
def test_examples_stand_beside_the_work(
    page: Page, live_server: LiveServer, team: Team, screen: str
) -> None:
    place = Place(team.dataset, team.rings, team.images[0].pk, 3, 3)
    keep_model_patch(
        by=team.alice,
        place=place,
        use=ModelPatch.Use.EXAMPLE,
        value=Answer.YES,
        note="a whole ring",
    )
    open_gallery(page, live_server, team, team.bob)
    if screen == "label":
        page.goto(live_server.url + reverse("label", args=[team.images[1].pk]))
        expect(page.locator("#island-label[data-ready=true]")).to_be_visible(timeout=20_000)
    example = page.get_by_alt_text("Example of yes: a whole ring")
    expect(example).to_be_visible()
    assert example.evaluate("async img => { await img.decode(); return img.naturalHeight }") == 96
    page.locator(f"[data-structure='{team.spots.pk}'][role=radio]").click()
    expect(page.locator(".examples")).to_be_hidden()


def test_the_label_screen_leads_to_the_patches_of_its_image(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.goto(live_server.url + reverse("label", args=[team.images[1].pk]))
    label = page.locator("#island-label[data-ready=true]")
    # Drawn without a graphics card, on a machine that may have other things to do.
    expect(label).to_be_visible(timeout=20_000)
    page.keyboard.press("1")
    expect(page.locator("#island-label[data-counts='1,0,0']")).to_be_visible()
    page.get_by_role("link", name="Gallery", exact=True).click()
    page.wait_for_url("**/gallery/?image=*")
    ready(page)
    expect(page.get_by_label("Image", exact=True)).to_have_value(str(team.images[1].pk))
    expect(page.locator("#island-gallery[data-total='63']")).to_be_visible()
    # No suggestion was on the label screen, and the history says so.
    assert LabelChange.objects.get(annotator=team.bob).suggested is False


def test_the_tour_is_shown_once(page: Page, live_server: LiveServer, team: Team) -> None:
    team.bob.preferences.delete()
    open_gallery(page, live_server, team, team.bob)
    tour = page.get_by_role("dialog", name="How this works")
    expect(tour).to_contain_text("1 of 5")
    with page.expect_response("**/me/preferences/") as kept:
        for _ in range(5):
            page.keyboard.press("Enter")
    assert kept.value.ok, kept.value.text()
    expect(tour).to_be_hidden()
    page.keyboard.press("1")
    saved(page)
    page.reload()
    ready(page)
    expect(tour).to_be_hidden()
