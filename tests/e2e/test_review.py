"""Two people differ, a manager decides and sends back, and it comes to the person's own page."""

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Decision, Label, LabelChange, ModelPatch, Remark, User
from annotations.services import tallies
from tests.e2e.axe import violations
from tests.e2e.gallery.screen import browse, open_gallery, ready, saved
from tests.e2e.people import sign_in
from tests.e2e.slowly import Held, Line
from tests.e2e.team import Team


def differ(people: list[Page], server: LiveServer, team: Team) -> None:
    """Both answer the first three patches at once: the same about the first alone."""
    for page, user in zip(people, (team.bob, team.carol), strict=True):
        open_gallery(page, server, team, user)
        # Their queues would keep them apart.
        browse(page)
        page.locator(".gallery-grid").focus()
    for keys in zip("112", "121", strict=True):
        for page, key in zip(people, keys, strict=True):
            page.keyboard.press(key)
    for page in people:
        saved(page)


def open_review(page: Page, server: LiveServer, team: Team) -> None:
    sign_in(page, server, team.alice)
    page.goto(server.url + reverse("review", args=[team.dataset.pk]))
    expect(page.locator("#island-review[data-ready=true]")).to_be_visible()
    expect(page.locator(".review-picture[data-drawn=true]")).to_be_visible()


def left(page: Page, count: int) -> None:
    expect(page.locator(f"#island-review[data-left='{count}']")).to_be_visible()


def kept_all(page: Page) -> None:
    expect(page.locator("#island-review[data-saved=true]")).to_be_visible()


def decisions() -> list[tuple[int, int, str]]:
    return list(Decision.objects.order_by("row", "column").values_list("row", "column", "value"))


def answers(user: User) -> list[str]:
    rows = Label.objects.filter(annotator=user).order_by("row", "column")
    return list(rows.values_list("value", flat=True))


def test_a_manager_decides_by_keys_and_nobodys_answer_changes(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    open_review(page, live_server, team)
    left(page, 2)
    said = page.locator(".review-said")
    expect(said).to_contain_text("bob✓ Yes")
    expect(said).to_contain_text("carol✗ No")
    page.keyboard.press("1")
    left(page, 1)
    expect(said).to_contain_text("bob✗ No")
    page.keyboard.press("2")
    left(page, 0)
    kept_all(page)
    assert decisions() == [(0, 1, "yes"), (0, 2, "no")]
    page.keyboard.press("Control+z")
    left(page, 1)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("3")
    kept_all(page)
    assert decisions() == [(0, 1, "unsure")]
    page.reload()
    left(page, 1)
    assert answers(team.bob) == ["yes", "yes", "no"]
    assert answers(team.carol) == ["yes", "no", "yes"]
    assert violations(page) == []


def test_what_is_sent_back_comes_to_the_persons_own_page(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    open_review(page, live_server, team)
    page.keyboard.press("r")
    page.keyboard.type("Look at the edge.")
    page.get_by_label("Send back to").select_option("Send back to carol")
    page.get_by_role("button", name="Send back").click()
    expect(page.locator(".review-remarks")).to_contain_text("Sent back to carol, not seen to yet.")
    carol = people[1]
    carol.goto(live_server.url + reverse("own-work"))
    expect(carol.get_by_text("Look at the edge.")).to_be_visible()
    assert violations(carol) == []
    carol.get_by_role("button", name="Yes", exact=True).click()
    expect(carol.get_by_text("Nothing was sent back to you.")).to_be_visible()
    assert answers(team.carol) == ["yes", "yes", "yes"]
    assert Remark.objects.get().done_at is not None
    page.reload()
    left(page, 1)


def test_a_patch_becomes_an_example_and_is_none_again(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    open_review(page, live_server, team)
    page.get_by_label("Known answer").select_option("Answer: No")
    for use in ("Example", "Calibration"):
        button = page.get_by_role("button", name=use, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    uses = ModelPatch.objects.values_list("use", "value", "row", "column")
    assert set(uses) == {("example", "no", 0, 1), ("calibration", "no", 0, 1)}
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert [patch.use for patch in ModelPatch.objects.all()] == ["example"]


def test_a_decision_that_the_server_refuses_is_not_shown_as_made(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    open_review(page, live_server, team)
    page.context.set_offline(True)
    page.keyboard.press("1")
    expect(page.locator(".work-toast")).to_contain_text("cannot be reached")
    left(page, 2)
    page.context.set_offline(False)
    assert decisions() == []


def test_nothing_is_decided_between_two_structures(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    held = Held(page, "**/decisions/")
    open_review(page, live_server, team)
    held.hold()
    page.keyboard.press("1")
    held.wait()
    page.get_by_label("Structure", exact=True).select_option("Spots")
    page.evaluate("document.activeElement.blur()")
    # What is still in sight is about the structure before.
    page.keyboard.press("2")
    held.let_go()
    left(page, 0)
    kept_all(page)
    assert decisions() == [(0, 1, "yes")]


def test_pictures_that_did_not_come_are_asked_for_again(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    pictures = Line(page, "**/atlas/**")
    small = Line(page, "**/atlas/*size=96*")
    # Of the list beside the patch.
    small.cut()
    open_review(page, live_server, team)
    with page.expect_response(lambda answer: "size=96" in answer.url):
        small.mend()
    expect(page.locator(".review-thumb[data-drawn=true]")).to_have_count(2)
    pictures.cut()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".work-toast")).to_contain_text("cannot be reached")
    # Of the patch before: nobody decides by it.
    expect(page.locator(".review-picture")).to_have_css("opacity", "0.2")
    pictures.mend()
    expect(page.locator(".review-picture[data-drawn=true]")).to_be_visible()
    expect(page.locator(".review-picture")).to_have_attribute("aria-label", re.compile("column 3"))


def test_while_another_structure_is_loaded_nothing_of_the_one_before_is_in_sight(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    held = Held(page, f"**/disagreements/?structure={team.spots.pk}*")
    open_review(page, live_server, team)
    held.hold()
    page.get_by_label("Structure", exact=True).select_option("Spots")
    held.wait()
    stage = page.locator(".review-stage")
    expect(stage).to_have_text("Loading …")
    expect(page.locator(".review-picture")).to_be_hidden()
    expect(page.locator(".review-item")).to_have_count(0)
    held.let_go()
    expect(stage).to_contain_text("No open disagreement about this structure.")
    left(page, 0)


def test_keys_of_the_review_can_be_changed_and_hold_where_people_label(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    open_review(page, live_server, team)
    page.keyboard.press("?")
    page.locator("[data-command=yes]").click()
    page.keyboard.press("r")
    expect(page.locator(".keys-note")).to_contain_text("Write a remark")
    with page.expect_response("**/me/preferences/") as kept:
        page.keyboard.press("j")
    assert kept.value.ok
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("j")
    kept_all(page)
    assert decisions() == [(0, 1, "yes")]
    page.goto(live_server.url + reverse("gallery", args=[team.dataset.pk]))
    ready(page)
    page.keyboard.press("j")
    saved(page)
    assert answers(team.alice) == ["yes"]


def test_a_manager_reviews_while_somebody_answers(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    open_review(page, live_server, team)
    bob, carol = people
    page.keyboard.press("1")
    # Bob changes his mind about what has just been decided, and they differ about one more.
    bob.keyboard.press("ArrowLeft")
    bob.keyboard.press("ArrowLeft")
    bob.keyboard.press("2")
    bob.keyboard.press("ArrowRight")
    bob.keyboard.press("1")
    carol.keyboard.press("2")
    for one in people:
        saved(one)
    kept_all(page)
    assert answers(team.bob) == ["yes", "no", "no", "yes"]
    page.reload()
    left(page, 2)
    expect(page.locator(".review-said")).to_contain_text("bob✗ No")
    page.keyboard.press("2")
    left(page, 1)
    kept_all(page)
    assert decisions() == [(0, 1, "yes"), (0, 2, "no")]
    assert answers(team.carol) == ["yes", "no", "yes", "no"]


def test_an_assignment_appears_where_the_person_finds_work(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    bob = people[0]
    sign_in(bob, live_server, team.bob)
    bob.goto(live_server.url + reverse("own-work"))
    expect(bob.get_by_text("No manager has assigned patches to you.")).to_be_visible()
    sign_in(page, live_server, team.alice)
    page.goto(live_server.url + reverse("team", args=[team.dataset.pk]))
    page.locator("[name=annotator]").select_option("bob")
    page.locator("[name=structure]").last.select_option("Rings")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("bob is asked about Rings.")).to_be_visible()
    bob.reload()
    expect(bob.get_by_label("Slide 1, Rings: answered patches")).to_be_visible()
    bob.get_by_role("link", name="Slide 1").click()
    ready(bob)
    bob.keyboard.press("1")
    saved(bob)
    bob.goto(live_server.url + reverse("own-work"))
    expect(bob.get_by_text("1 of 192 patches")).to_be_visible()


def test_the_page_of_the_team_is_accessible_and_leads_to_the_review(
    page: Page, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    differ(people, live_server, team)
    last_week = timezone.now() - timedelta(days=7)
    agreed = Label.objects.earliest("column").column
    Label.objects.filter(column=agreed).update(updated_at=last_week)
    # An answer never moves in time: the server would not look for it.
    LabelChange.objects.filter(column=agreed).update(at=last_week)
    tallies._kept.clear()
    sign_in(page, live_server, team.alice)
    page.goto(live_server.url + reverse("team", args=[team.dataset.pk]))
    expect(page.get_by_role("row", name="bob and carol 3 33 %")).to_be_visible()
    # A chart for all and one for the pair, told in words and with the table beneath.
    expect(page.locator(".small-chart svg")).to_have_count(2)
    expect(page.get_by_role("img", name="bob and carol: -1.00 in the week from")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Review", exact=True).click()
    left(page, 2)
