"""Least certain first: patches come in portions, because every answer changes which are next."""

from itertools import product

import numpy as np
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import LabelChange, LabellingPlan, Lease, PatchGuesses, User
from annotations.services import guessing
from annotations.services.scores import STORED_TURNS
from tests.e2e.gallery.screen import (
    counts,
    focused,
    open_gallery,
    ready,
    room,
    saved,
)
from tests.e2e.team import Team
from tests.factories import make_label
from tests.support.worker import Worker

Cell = tuple[int, int, int]

NOTE = ".gallery-note"


def _here(page: Page, count: int) -> None:
    expect(page.locator(f"#island-gallery[data-here='{count}']")).to_be_visible()


def _answer(page: Page, index: int, key: str) -> None:
    """Once the patch is here: before, a key means nothing."""
    focused(page, index)
    expect(page.locator(".gallery-cell[data-focus]")).to_be_visible()
    page.keyboard.press(key)


def _begin(page: Page, server: LiveServer, team: Team, user: User) -> None:
    open_gallery(page, server, team, user)
    page.get_by_label("Order").select_option("Least certain first")
    ready(page)
    page.locator(".gallery-grid").focus()


def test_a_portion_comes_and_half_a_one_more_with_every_half_that_is_answered(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    _begin(page, live_server, team, team.bob)
    _here(page, 8)
    expect(page.locator(NOTE)).to_contain_text("as you answer")
    for key in "121":
        page.keyboard.press(key)
    counts(page, yes=2, no=1)
    _here(page, 8)
    page.keyboard.press("2")
    _here(page, 12)
    focused(page, 4)
    saved(page)
    assert Lease.objects.of(team.bob).count() == 8


def test_after_the_rest_is_no_a_key_is_about_the_next_portion(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    _begin(page, live_server, team, team.bob)
    page.keyboard.press("1")
    page.keyboard.press("r")
    counts(page, yes=1, no=7)
    _here(page, 16)
    focused(page, 8)
    ready(page)
    page.keyboard.press("1")
    counts(page, yes=2, no=7)
    focused(page, 9)
    for _ in range(2):
        page.keyboard.press("Control+z")
    counts(page, yes=1)


def test_what_is_passed_over_stays_and_others_come(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    _begin(page, live_server, team, team.bob)
    page.keyboard.press("PageDown")
    _here(page, 16)
    focused(page, 8)
    page.keyboard.press("1")
    counts(page, yes=1)
    page.keyboard.press("PageUp")
    focused(page, 0)
    page.keyboard.press("2")
    counts(page, yes=1, no=1)


def test_whoever_passed_patches_over_gets_others_at_the_end_of_each_portion(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    _begin(page, live_server, team, team.bob)
    page.keyboard.press("PageDown")
    _here(page, 16)
    for number in range(12):
        _answer(page, 8 + number, "1")
    _here(page, 28)
    counts(page, yes=12)
    # Seven are passed over by the arrows, and the last one is answered.
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    _answer(page, 27, "1")
    focused(page, 28)
    _here(page, 36)


def test_the_rest_is_no_says_nothing_of_patches_that_have_just_come(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    _begin(page, live_server, team, team.bob)
    for key in "1111":
        page.keyboard.press(key)
    _here(page, 12)
    page.keyboard.press("r")
    counts(page, yes=4, no=4)
    focused(page, 8)
    page.get_by_role("button", name="Rest of this screen is no (8)").click()
    counts(page, yes=4, no=12)


def test_a_portion_is_never_more_than_a_screen(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    for image, row, column in product(team.images, range(8), range(8)):
        for person in (team.carol, team.alice) if row < 4 else (team.carol,):
            make_label(image=image, structure=team.rings, annotator=person, row=row, column=column)
    LabellingPlan.objects.create(
        dataset=team.dataset, answers_wanted=2, shared_fraction=1.0, adaptive=False
    )
    open_gallery(page, live_server, team, team.bob)
    page.get_by_label("A screen").select_option("50")
    page.get_by_label("Order").select_option("Least certain first")
    ready(page)
    # The first eight come before the server has said how many are worth having.
    _here(page, min(48, room(page)))


def test_a_portion_grows_with_the_answers_of_the_team(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    for image, row, column in product(team.images[:2], range(8), range(8)):
        make_label(image=image, structure=team.rings, annotator=team.carol, row=row, column=column)
    _begin(page, live_server, team, team.bob)
    _here(page, 32)
    expect(page.get_by_role("button", name="Rest of this screen is no (32)")).to_be_visible()
    assert Lease.objects.of(team.bob).count() == 32
    page.keyboard.press("r")
    _here(page, 64)
    # There is nothing more to come.
    expect(page.locator(NOTE)).to_have_text("")


def test_with_a_worker_the_next_patches_are_those_whose_turn_it_is(
    page: Page, live_server: LiveServer, team: Team, worker: Worker
) -> None:
    guessing._asked.clear()
    _begin(page, live_server, team, team.bob)
    _here(page, 8)
    _wait_for_turns(worker, 0)
    expected = [cell for cell in _in_turn(team) if cell not in _cells(page)]
    for key in "1212":
        page.keyboard.press(key)
    _here(page, 12)
    assert _cells(page)[8:] == expected[:4]
    # Guesses are made anew of the first eight answers, when somebody asks for more.
    for number, key in enumerate("12121212"):
        _answer(page, 4 + number, key)
    saved(page)
    # As if a while had gone by since a worker was asked last.
    guessing._asked.clear()
    page.keyboard.press("PageDown")
    newest = LabelChange.objects.order_by("pk")[7].pk
    _wait_for_turns(worker, newest)
    assert not set(_in_turn(team)) & set(_cells(page)[:8])


def _cells(page: Page) -> list[Cell]:
    found = page.evaluate(
        "() => window.micraweb.items.map(({ image, row, column }) => [image, row, column])"
    )
    return [(image, row, column) for image, row, column in found]


def _wait_for_turns(worker: Worker, known_until: int) -> None:
    kept = PatchGuesses.objects.filter(known_until__gte=known_until)
    worker.wait_for(kept.exists, seconds=60, what="turns")


def _in_turn(team: Team) -> list[Cell]:
    """The patches with a turn, the first turn first."""
    found: list[tuple[int, Cell]] = []
    for row in PatchGuesses.objects.filter(structure=team.rings):
        for place, turn in enumerate(np.frombuffer(row.turns, dtype=STORED_TURNS).tolist()):
            if turn:
                found.append((turn, (row.image_id, *divmod(place, row.columns))))
    return [cell for _, cell in sorted(found)]
