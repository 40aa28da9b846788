"""Around the image on the label screen: suggestions, structures, keys, the tour, known answers."""

import numpy as np
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import LabelChange, Remark
from annotations.models.label import Answer
from annotations.services.scores import keep_scores
from tests import factories
from tests.e2e.label.screen import (
    answers,
    counts,
    open_label,
    ready,
    saved,
)
from tests.e2e.team import Team


def test_suggestions_are_marked_accepted_and_kept_apart_from_answers(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    scores = np.full((8, 8), 0.5)
    scores[0, :3] = 0.97
    scores[1, :2] = 0.02
    keep_scores(image=team.images[0], scores={team.rings.pk: scores}, source="v1")
    team.project.blind = False
    team.project.save()
    open_label(page, live_server, team, team.bob)
    page.get_by_label("Show what the model expects").check()
    accept = page.get_by_role("button", name="Accept those")
    expect(accept).to_have_text("Accept those in sight (5)")
    counts(page)
    page.keyboard.press("]")
    page.keyboard.press("]")
    expect(accept).to_have_text("Accept those in sight (0)")
    page.keyboard.press("[")
    expect(accept).to_have_text("Accept those in sight (5)")
    page.keyboard.press("a")
    counts(page, yes=3, no=2)
    page.keyboard.press("Control+z")
    counts(page)
    page.keyboard.press("Control+Shift+z")
    saved(page)
    assert sorted(answers(team.bob)) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    assert all(LabelChange.objects.values_list("suggested", flat=True))


def test_a_blind_project_shows_no_suggestion(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    keep_scores(image=team.images[0], scores={team.rings.pk: np.ones((8, 8))}, source="v1")
    open_label(page, live_server, team, team.bob)
    expect(page.get_by_label("Show what the model expects")).to_have_count(0)
    page.keyboard.press("]")
    expect(page.locator(".work-toast")).to_contain_text("This project is blind")
    page.keyboard.press("a")
    counts(page)


def test_tab_leads_to_the_next_structure_and_undo_back(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.bob)
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    expect(page.locator(f"#island-label[data-structure='{team.spots.pk}']")).to_be_visible()
    counts(page)
    page.keyboard.press("Control+z")
    expect(page.locator(f"#island-label[data-structure='{team.rings.pk}']")).to_be_visible()
    counts(page)


def test_a_key_that_was_changed_holds_on_the_label_screen_and_in_the_gallery(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.bob)
    page.keyboard.press("?")
    page.locator("[data-command=yes]").click()
    page.keyboard.press("r")
    expect(page.locator(".keys-note")).to_contain_text("The rest of what is in sight is no")
    with page.expect_response("**/me/preferences/") as kept:
        page.keyboard.press("j")
    assert kept.value.ok
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("j")
    counts(page, yes=1)
    saved(page)
    page.reload()
    ready(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("j")
    counts(page, yes=2)
    saved(page)
    expect(page.locator("[data-answer=yes] kbd")).to_have_text("J")
    page.get_by_role("link", name="Gallery", exact=True).click()
    expect(page.locator("#island-gallery[data-ready=true][data-loading=false]")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#island-gallery[data-counts='1,0,0']")).to_be_visible()


def test_the_tour_of_the_label_screen_is_shown_once_and_again_when_asked_for(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    team.bob.preferences.delete()
    open_label(page, live_server, team, team.bob)
    tour = page.get_by_role("dialog", name="How this works")
    expect(tour).to_contain_text("1 of 5")
    # What a step is about stays marked when the window changes.
    page.set_viewport_size({"width": 900, "height": 700})
    marked, asked = page.locator(".tour-mark"), page.locator(".structure-question")
    page.wait_for_function(
        "([mark, at]) => mark.getBoundingClientRect().x === at.getBoundingClientRect().x",
        arg=[marked.element_handle(), asked.element_handle()],
    )
    with page.expect_response("**/me/preferences/") as kept:
        for _ in range(5):
            page.keyboard.press("Enter")
    assert kept.value.ok
    expect(tour).to_be_hidden()
    page.keyboard.press("1")
    counts(page, yes=1)
    saved(page)
    page.reload()
    ready(page)
    expect(tour).to_be_hidden()
    page.keyboard.press("?")
    page.get_by_role("button", name="Show the tour").click()
    expect(tour).to_contain_text("1 of 5")


def test_what_was_sent_back_waits_on_its_patch_until_it_is_answered_or_done(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    for column, text in ((5, "Look at the edge."), (6, "And here?")):
        Remark.objects.create(
            image=team.images[0],
            structure=team.spots,
            row=2,
            column=column,
            text=text,
            by=team.alice,
            sent_to=team.bob,
        )
    factories.make_label(
        image=team.images[0],
        structure=team.spots,
        annotator=team.bob,
        row=2,
        column=5,
        value=Answer.NO,
    )
    open_label(page, live_server, team, team.bob)
    back = page.locator(".sent-back-here")
    expect(back).to_contain_text("Sent back to you (2)")
    back.get_by_role("link", name="Spots, row 3, column 6").click()
    expect(page.locator("#island-label[data-focus='2,5']")).to_be_visible()
    expect(page.locator(f"#island-label[data-structure='{team.spots.pk}']")).to_be_visible()
    expect(page.locator("#island-label[data-counts='0,1,0']")).to_be_visible()
    # The same answer once more is an answer too.
    page.keyboard.press("2")
    expect(back).to_contain_text("Sent back to you (1)")
    saved(page)
    assert Remark.objects.get(column=5).done_at is not None
    back.get_by_role("button", name="Done").click()
    expect(back).to_be_hidden()
    assert not Remark.objects.filter(done_at=None).exists()


def test_a_manager_makes_a_patch_an_example_where_it_is_seen(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.alice, query="?row=3&column=2")
    page.get_by_label("Known answer").select_option("Answer: No")
    example = page.get_by_role("button", name="Example", exact=True)
    example.click()
    expect(example).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_alt_text("Example of no")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(example).to_have_attribute("aria-pressed", "false")
