"""Your queue: patches that nobody else is given meanwhile, also when a model looks again."""

import re
from datetime import timedelta

import numpy as np
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Image, Label, Lease, LeftOut, Repeat, User
from annotations.services.scores import keep_scores
from tests.e2e.gallery.screen import browse, counts, on_screen, open_gallery, ready, saved
from tests.e2e.slowly import until
from tests.e2e.team import Team
from tests.factories import make_label

Cell = tuple[int, int, int]
SCORES = re.compile(r"/scores/\?structure=")


def _here(page: Page) -> list[Cell]:
    """The patches that the page has, in their order."""
    found = page.evaluate(
        "() => window.micraweb.items.map(({ image, row, column }) => [image, row, column])"
    )
    return [(image, row, column) for image, row, column in found]


def _leased(user: User) -> set[Cell]:
    return set(Lease.objects.of(user).values_list("image_id", "row", "column"))


def test_two_people_at_work_never_get_the_same_patch(
    browser: Browser, live_server: LiveServer, team: Team
) -> None:
    contexts = [browser.new_context(viewport={"width": 1024, "height": 768}) for _ in range(2)]
    bob, carol = (context.new_page() for context in contexts)
    open_gallery(bob, live_server, team, team.bob)
    open_gallery(carol, live_server, team, team.carol)
    for _ in range(2):
        for page in (bob, carol):
            page.keyboard.press("1")
            page.keyboard.press("r")
            page.keyboard.press("PageDown")
            saved(page)
            ready(page)
    assert not set(_here(bob)) & set(_here(carol))
    answered = Label.objects.values_list("image_id", "row", "column")
    assert len(answered) == len(set(answered)) == 192
    # Who has nothing more to do looks for what the others leave.
    hint = bob.locator(".gallery-mode-hint")
    expect(hint).to_contain_text("Every patch has the answers")
    for context in contexts:
        context.close()


def test_what_is_asked_again_is_answered_in_the_queue_and_corrected_elsewhere(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    first = make_label(image=team.images[0], structure=team.rings, annotator=team.bob)
    open_gallery(page, live_server, team, team.bob)
    # As if it were the one that is in hand by now.
    in_hand = Lease.objects.of(team.bob).earliest("pk")
    Label.objects.filter(pk=first.pk).update(column=in_hand.column)
    Lease.objects.filter(pk=in_hand.pk).update(is_repeat=True)
    page.keyboard.press("2")
    saved(page)
    assert Repeat.objects.get().second == "no"
    browse(page)
    page.get_by_label("Show", exact=True).select_option("With my answer")
    ready(page)
    page.locator(".gallery-grid").focus()
    page.keyboard.press("3")
    saved(page)
    assert Label.objects.get().value == "unsure"
    page.keyboard.press("Control+z")
    saved(page)
    assert Label.objects.get().value == "yes"


def test_who_comes_when_others_have_the_rest_is_told_until_when(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    for image in team.images:
        _lend_all(team, image, team.carol)
    open_gallery(page, live_server, team, team.bob)
    empty = page.locator(".gallery-empty")
    expect(empty).to_contain_text("Nothing left for you now")
    expect(empty).to_contain_text("Others are at work on the last 192 patches until")
    Lease.objects.all().delete()
    empty.get_by_role("button", name="Look again").click()
    expect(empty).to_be_hidden()
    ready(page)
    page.locator(".gallery-grid").focus()
    page.keyboard.press("1")
    counts(page, yes=1)


def _lend_all(team: Team, image: Image, user: User) -> None:
    end = timezone.now() + timedelta(minutes=5)
    Lease.objects.bulk_create(
        Lease(
            image=image,
            structure=team.rings,
            row=row,
            column=column,
            annotator=user,
            expires_at=end,
        )
        for row in range(8)
        for column in range(8)
    )


def test_patches_go_back_when_somebody_leaves_or_browses(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    # A screen of patches, also where it came in two portions.
    until(page, lambda: _leased(team.bob) == set(_here(page)))
    assert len(_leased(team.bob)) == on_screen(page)
    browse(page)
    assert _leased(team.bob) == set()
    page.get_by_role("radio", name="Your queue").click()
    # Nothing is on its way to a page that is left.
    until(page, lambda: len(_leased(team.bob)) == on_screen(page) == len(_here(page)))
    page.goto(live_server.url)
    until(page, lambda: not _leased(team.bob))


def test_two_tabs_of_one_person_have_patches_of_their_own(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.get_by_label("A screen").select_option("50")
    page.reload()
    ready(page)
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)
    until(page, lambda: _leased(team.bob) == {*_here(page), *_here(other)})
    assert set(_here(page)).isdisjoint(_here(other))
    other.goto(live_server.url)
    until(page, lambda: _leased(team.bob) == set(_here(page)))


def test_the_next_screen_is_in_hand_once_somebody_answers_or_turns_a_page(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.get_by_label("A screen").select_option("50")
    page.reload()
    ready(page)
    shown = on_screen(page)
    assert 3 * shown < 192, shown
    until(page, lambda: len(_leased(team.bob)) == shown)
    page.locator(".gallery-grid").focus()
    page.keyboard.press("PageDown")
    until(page, lambda: len(_leased(team.bob)) == 3 * shown)
    assert len(_here(page)) == 3 * shown


def test_a_patch_is_left_out_and_taken_back_by_key_and_by_undo(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.bob)
    page.keyboard.press("d")
    expect(page.locator(".gallery-cell[data-out]")).to_have_count(1)
    assert LeftOut.objects.count() == 1
    page.keyboard.press("Control+z")
    expect(page.locator(".gallery-cell[data-out]")).to_have_count(0)
    assert LeftOut.objects.count() == 0
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".gallery-cell[data-out]")).to_have_count(1)
    shown = on_screen(page)
    page.keyboard.press("r")
    counts(page, no=shown - 1)
    browse(page)
    page.get_by_label("Show", exact=True).select_option("Left out")
    expect(page.locator("#island-gallery[data-total='1']")).to_be_visible()
    ready(page)
    page.get_by_role("button", name="Ask about this patch again").click()
    expect(page.locator(".gallery-cell[data-out]")).to_have_count(0)
    assert LeftOut.objects.count() == 0


def test_new_scores_put_what_is_to_come_in_order_and_move_nothing_in_sight(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    _score(team, first="cell 1.tif")
    open_gallery(page, live_server, team, team.bob)
    browse(page)
    page.get_by_label("Show", exact=True).select_option("Without my answer")
    with page.expect_response(SCORES):
        page.get_by_label("Order").select_option("Least certain first")
    ready(page)
    page.locator(".gallery-grid").focus()
    page.keyboard.press("1")
    shown = on_screen(page)
    seen = _here(page)[:shown]
    before, _, now = team.images
    assert {image for image, *_ in seen[:64]} == {before.pk}
    focus = page.locator(".gallery-cell[data-focus]").get_attribute("aria-label")
    _score(team, first="cell 3.tif")
    # The page looks every ten seconds.
    until(page, lambda: [image for image, *_ in _here(page)[shown + 14 :][:1]] == [now.pk])
    assert _here(page)[:shown] == seen
    assert page.locator(".gallery-cell[data-focus]").get_attribute("aria-label") == focus
    page.keyboard.press("PageDown")
    ready(page)
    assert _here(page)[shown + 14][0] == now.pk


def _score(team: Team, *, first: str) -> None:
    """A model is least certain about one image, and most about the second of the others."""
    far = 0.3
    for image in team.images:
        near = 0.01 if image.name == first else far
        far += 0.1 if image.name != first else 0
        rng = np.random.default_rng(image.pk)
        scores = 0.5 + near + 0.005 * rng.random((8, 8))
        keep_scores(image=image, scores={team.rings.pk: scores}, source="Model 1")
