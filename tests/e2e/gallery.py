"""The gallery as a person meets it."""

from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Dataset, Image, Project, Role, Structure, User
from tests import factories
from tests.e2e.people import experienced, sign_in


@dataclass
class Team:
    """Alice manages, Bob and Carol answer; 3 images of 64 patches, two structures."""

    project: Project
    dataset: Dataset
    rings: Structure
    spots: Structure
    images: list[Image]
    alice: User
    bob: User
    carol: User


def make_team(*, blind: bool = True) -> Team:
    alice = factories.make_user("alice")
    project = factories.make_project(manager=alice, name="Membranes")
    project.blind = blind
    project.save()
    people = [factories.make_user("bob"), factories.make_user("carol")]
    for person in people:
        factories.make_member(project=project, user=person, role=Role.ANNOTATOR)
    rings = factories.make_structure(project=project, name="Rings")
    spots = factories.make_structure(project=project, name="Spots", colour="#56b4e9")
    dataset = factories.make_dataset(project=project, name="Slide 1", patch_size=32)
    images = [
        factories.make_image(
            dataset=dataset, name=f"cell {number}.tif", height=256, width=256, store=True
        )
        for number in (1, 2, 3)
    ]
    for person in (alice, *people):
        experienced(person)
    return Team(project, dataset, rings, spots, images, alice, *people)


def open_gallery(page: Page, server: LiveServer, team: Team, user: User, query: str = "") -> None:
    sign_in(page, server, user)
    page.goto(server.url + reverse("gallery", args=[team.dataset.pk]) + query)
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("#island-gallery[data-ready=true][data-loading=false]")).to_be_visible()
    expect(page.locator(".gallery-stage[data-drawn=true]")).to_be_visible()


def browse(page: Page) -> None:
    """Any patches, not only those that were handed out."""
    page.get_by_role("radio", name="Browse").click()
    ready(page)


def saved(page: Page) -> None:
    expect(page.locator("#island-gallery[data-saved=true]")).to_be_visible()


def counts(page: Page, *, yes: int = 0, no: int = 0, unsure: int = 0) -> None:
    """What the panel counts; the server may not have it yet."""
    expect(page.locator(f"#island-gallery[data-counts='{yes},{no},{unsure}']")).to_be_visible()


def focus(page: Page) -> int:
    return int(page.locator("#island-gallery").get_attribute("data-focus") or -1)


def middle(page: Page, index: int) -> tuple[float, float]:
    """Where the middle of a patch lies in the window."""
    box = page.evaluate("index => window.micraweb.stage.clientBox(index)", index)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def on_screen(page: Page) -> int:
    """How many patches the screen shows."""
    first, end = page.evaluate("window.micraweb.stage.screen()")
    return int(end - first)
