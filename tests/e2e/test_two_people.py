"""Two people at once, each with a browser of their own, and one person in two tabs."""

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import LabelChange
from tests.e2e.label.screen import answers, counts, drag, open_label, ready, saved
from tests.e2e.team import Team


def test_two_people_label_one_image_and_see_nothing_of_each_other(
    people: list[Page], live_server: LiveServer, team: Team
) -> None:
    bob, carol = people
    open_label(bob, live_server, team, team.bob)
    open_label(carol, live_server, team, team.carol)
    drag(bob, (0, 0), (0, 7))
    carol.keyboard.press("2")
    carol.keyboard.press("r")
    for page in people:
        saved(page)
    counts(bob, yes=8)
    counts(carol, no=64)
    bob.reload()
    ready(bob)
    counts(bob, yes=8)
    bob.keyboard.press("Control+z")
    saved(bob)
    assert answers(team.bob) == {}
    assert set(answers(team.carol).values()) == {"no"}
    # Nothing that the server sends tells of others while the project is blind.
    for address in ("labels/?annotator=all", "scores/?structure=" + str(team.rings.pk)):
        url = f"{live_server.url}/api/images/{team.images[0].pk}/{address}"
        assert bob.request.get(url).status == 403


def test_of_two_tabs_of_one_person_the_later_answer_stands_and_both_are_in_the_history(
    page: Page, live_server: LiveServer, team: Team
) -> None:
    open_label(page, live_server, team, team.bob)
    other = page.context.new_page()
    open_label(other, live_server, team, team.bob)
    page.keyboard.press("1")
    saved(page)
    other.keyboard.press("2")
    saved(other)
    assert answers(team.bob) == {(0, 0): "no"}
    changes = LabelChange.objects.filter(annotator=team.bob).order_by("at")
    assert list(changes.values_list("new", flat=True)) == ["yes", "no"]
    page.reload()
    ready(page)
    counts(page, no=1)


def test_an_answer_that_waited_without_a_connection_gives_way_to_a_later_one(
    browser: Browser, people: list[Page], live_server: LiveServer, team: Team
) -> None:
    """One person with two devices; the first loses its connection."""
    away, here = people
    open_label(away, live_server, team, team.bob)
    open_label(here, live_server, team, team.bob)
    away.context.set_offline(True)
    away.keyboard.press("1")
    expect(away.locator(".saved[data-kind=offline]")).to_be_visible()
    here.keyboard.press("2")
    saved(here)
    away.context.set_offline(False)
    saved(away)
    assert answers(team.bob) == {(0, 0): "no"}
    history = LabelChange.objects.filter(annotator=team.bob)
    assert set(history.values_list("new", "applied")) == {("no", True), ("yes", False)}
