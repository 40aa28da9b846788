"""Contradictions say who says what, and patches that were sent back carry a badge."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Label, Remark
from annotations.models.label import Answer
from annotations.services.scores import keep_scores
from tests import factories
from tests.e2e.axe import violations
from tests.e2e.gallery.screen import browse, open_gallery, ready, saved
from tests.e2e.team import Team, make_team


@pytest.fixture
def team(transactional_db: None) -> Team:
    """Bob and Carol differ about a patch of which the model says yes."""
    team = make_team(blind=False)
    image = team.images[0]
    scores = np.full((8, 8), 0.5, dtype=np.float32)
    scores[2, 5] = 0.97
    keep_scores(image=image, scores={team.rings.pk: scores}, source="Model 1")
    for person, value in ((team.bob, Answer.YES), (team.carol, Answer.NO)):
        factories.make_label(
            image=image, structure=team.rings, annotator=person, row=2, column=5, value=value
        )
    return team


def send_back(team: Team, text: str) -> None:
    Remark.objects.create(
        image=team.images[0],
        structure=team.rings,
        row=2,
        column=5,
        text=text,
        by=team.alice,
        sent_to=team.bob,
    )


def cell(page: Page) -> Locator:
    """The patch in row 3, column 6 of the first image."""
    return page.locator("[aria-label^='cell 1.tif, row 3, column 6:']:not([hidden])")


def test_a_contradiction_says_who_says_what(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.alice)
    browse(page)
    expect(page.locator(".gallery-says")).to_have_count(0)
    page.get_by_label("Order").select_option("Contradictions first")
    ready(page)
    others = "bob said yes, carol said no, the model says yes (0.97)"
    expect(page.locator("[data-focus=true][role=gridcell]")).to_have_attribute(
        "aria-label", f"cell 1.tif, row 3, column 6: no answer, {others}"
    )
    expect(cell(page).locator(".gallery-says")).to_have_attribute(
        "data-says", "bob ✓\ncarol ✗\nmodel ✓ .97"
    )
    expect(page.locator(".gallery-says-all")).to_have_text(others)
    page.locator(".gallery-grid").focus()
    page.keyboard.press("2")
    expect(cell(page)).to_have_attribute(
        "aria-label", f"cell 1.tif, row 3, column 6: you said no, {others}"
    )
    saved(page)
    assert violations(page) == []


def test_captions_leave_with_the_order_that_they_are_about(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_gallery(page, live_server, team, team.alice)
    browse(page)
    page.get_by_label("Order").select_option("Contradictions first")
    ready(page)
    expect(page.locator(".gallery-says")).not_to_have_count(0)
    page.get_by_label("Order").select_option("Image by image")
    ready(page)
    expect(page.locator(".gallery-says")).to_have_count(0)
    expect(page.locator(".gallery-says-all")).to_be_hidden()


def test_a_patch_that_was_sent_back_has_a_badge_until_it_is_answered_again(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    send_back(team, "Look at the edge.")
    open_gallery(page, live_server, team, team.bob)
    browse(page)
    badge = page.locator(".gallery-back")
    expect(badge).to_have_count(1)
    expect(cell(page)).to_have_attribute(
        "aria-label",
        "cell 1.tif, row 3, column 6: Yes, sent back by alice: Look at the edge.",
    )
    back = page.locator(".sent-back-here")
    expect(back).to_contain_text("Look at the edge.")
    assert violations(page) == []
    back.get_by_role("link", name="Rings, row 3, column 6").click()
    expect(cell(page)).to_have_attribute("data-focus", "true")
    # The same answer once more is an answer too.
    page.keyboard.press("1")
    expect(badge).to_have_count(0)
    expect(back).to_be_hidden()
    saved(page)
    assert Remark.objects.get().done_at is not None
    assert Label.objects.get(annotator=team.bob).value == "yes"


def test_a_click_with_the_same_answer_confirms_what_was_sent_back(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    send_back(team, "")
    open_gallery(page, live_server, team, team.bob)
    browse(page)
    expect(page.locator(".gallery-back")).to_have_count(1)
    cell(page).evaluate("cell => cell.scrollIntoView()")
    box = cell(page).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".gallery-back")).to_have_count(0)
    saved(page)
    assert Label.objects.get(annotator=team.bob).value == "yes"
    assert Remark.objects.get().done_at is not None


def test_a_patch_that_is_not_in_the_list_is_shown_on_its_image(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    send_back(team, "Look at the edge.")
    open_gallery(page, live_server, team, team.bob)
    # The queue has no patch with an answer of one's own.
    page.get_by_role("link", name="Rings, row 3, column 6").click()
    page.wait_for_url(f"**/images/{team.images[0].pk}/label/?*row=2*")
