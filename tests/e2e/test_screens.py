"""Every screen opens without an error of its scripts and fits into a laptop's window."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Image, Upload, User
from annotations.models.label import Answer
from inference.models import Run, Segmentation
from tests import factories
from tests.e2e.people import sign_in
from tests.e2e.slowly import Held
from tests.inference.api.world import write_results

WINDOWS: list[ViewportSize] = [{"width": 1440, "height": 900}, {"width": 1024, "height": 768}]
PLAIN = ("projects", "project-new", "account", "help")
OF_PROJECT = ("project", "project-edit", "structures", "members", "dataset-new")
OF_DATASET = ("dataset", "dataset-settings", "train", "dataset-results")
OF_IMAGE = ("image", "label", "results")


def _addresses(segmentation: Segmentation, run: Run) -> list[str]:
    image = segmentation.image
    return [
        *(reverse(name) for name in PLAIN),
        *(reverse(name, args=[image.dataset.project_id]) for name in OF_PROJECT),
        *(reverse(name, args=[image.dataset_id]) for name in OF_DATASET),
        *(reverse(name, args=[image.pk]) for name in OF_IMAGE),
        reverse("run", args=[run.pk]),
    ]


@pytest.fixture
def image(alice: User) -> Image:
    project = factories.make_project(manager=alice, name="Discs")
    factories.make_structure(project=project, name="Disc")
    dataset = factories.make_dataset(project=project, name="Slide 1")
    return factories.make_image(dataset=dataset, name="disc.tif", store=True)


def test_every_screen_opens_and_fits(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    segmentation = _segmented(image)
    run = factories.make_run(dataset=image.dataset, state=Run.State.FAILED)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    sign_in(page, live_server, alice)
    for window in WINDOWS:
        page.set_viewport_size(window)
        for address in _addresses(segmentation, run):
            page.goto(live_server.url + address)
            expect(page.locator("h1")).to_have_count(1)
            expect(page.locator(".island:empty")).to_have_count(0)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append(f"{address} is wider than {window['width']} px")
    assert problems == []


def test_few_choices_of_a_training_show_and_the_others_reach_its_run(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    dataset, structure = image.dataset, image.dataset.project.structures.get()
    model = factories.make_model(dataset=dataset, structures=[structure])
    for one in (image, factories.make_image(dataset=dataset, name="other.tif", store=True)):
        for column, value in enumerate((Answer.YES, Answer.NO)):
            factories.make_label(
                image=one, structure=structure, annotator=alice, column=column, value=value
            )
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("train", args=[dataset.pk]))
    expect(page.get_by_label("Method")).to_have_value("refined")
    expect(page.get_by_label("Start from")).to_be_hidden()
    page.get_by_label("Method").select_option("MICRA-Net (paper)")
    page.get_by_text("More", exact=True).click()
    page.get_by_label("Start from").select_option("Model 1 (v1)")
    page.get_by_label("Models to average").fill("3")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url("**/runs/*/")
    params = Run.objects.latest("pk").params
    assert (params["method"], params["start"], params["members"]) == ("paper", model.pk, 3)


def test_a_failed_run_says_why_and_can_be_started_again(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    run = factories.make_run(
        dataset=image.dataset, state=Run.State.FAILED, error="The disk is full."
    )
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("run", args=[run.pk]))
    expect(page.get_by_role("alert")).to_have_text("The disk is full.")
    page.get_by_role("button", name="Start again").click()
    expect(page.locator(".run[data-state=queued]")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".run[data-state=cancelled]")).to_be_visible()


def test_the_curve_of_a_training_tells_of_the_last_epoch_unless_one_points_at_another(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    epochs = [("classify", 1, 0.5, 0.6), ("classify", 2, 0.25, 0.375), ("refine", 3, 0.125, 0.75)]
    names = ("stage", "epoch", "train_loss", "validation_loss")
    history = [dict(zip(names, epoch, strict=True)) for epoch in epochs]
    run = factories.make_run(dataset=image.dataset, state=Run.State.DONE, history=history)
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("run", args=[run.pk]))
    legend, curve = page.locator(".u-legend"), page.locator(".u-over")
    rest = re.compile("3, drawing the masks.*0.1250.*0.7500")
    expect(legend).to_have_text(rest)
    curve.hover(position={"x": 2, "y": 20})
    expect(legend).to_have_text(re.compile("1, learning the answers.*0.5000.*0.6000"))
    page.get_by_role("heading", level=1).hover()
    expect(legend).to_have_text(rest)


def test_an_image_that_no_model_has_seen_says_what_to_do(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("results", args=[image.pk]))
    expect(page.get_by_role("heading", name="No model yet")).to_be_visible()
    expect(page.get_by_role("link", name="Train a model")).to_be_visible()


def test_of_two_models_the_one_chosen_last_is_shown_whichever_answers_first(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    segmentation = _segmented(image)
    found, other = segmentation.model, factories.make_model(dataset=image.dataset)
    held = Held(page, f"**/segmentations/?model={found.pk}")
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("results", args=[image.pk]))
    nothing = page.get_by_role("button", name="Segment this image")
    expect(nothing).to_be_visible()
    choice = page.get_by_label("Model version")
    held.hold()
    choice.select_option(str(found.pk))
    held.wait()
    with page.expect_response(f"**/segmentations/?model={other.pk}"):
        choice.select_option(str(other.pk))
    with page.expect_response(f"**/segmentations/?model={found.pk}") as late:
        held.let_go()
    late.value.finished()
    # A turn of the page, in which it would show what has just come.
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    expect(nothing).to_be_visible()
    expect(page.locator(".result-facts")).to_have_count(0)


def test_files_are_taken_from_a_drop_anywhere_on_the_page(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    """Its row names it until a worker has read it."""
    sign_in(page, live_server, alice)
    page.goto(live_server.url + reverse("dataset", args=[image.dataset_id]))
    expect(page.locator("[data-image]")).to_have_count(1)
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["nothing"], "empty words.png", { type: "image/png" }));
            document.body.dispatchEvent(
                new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    row = page.locator(".upload-row[data-state=reading]")
    expect(row).to_contain_text("empty words.png")
    upload = Upload.objects.get()
    assert (upload.name, upload.path.read_bytes()) == ("empty words.png", b"nothing")


def _segmented(image: Image) -> Segmentation:
    structure = image.dataset.project.structures.get()
    model = factories.make_model(dataset=image.dataset, structures=[structure])
    segmentation = factories.make_segmentation(image=image, model=model, structure=structure)
    write_results(segmentation)
    return segmentation


LONG = "Mitotic figures with condensed chromatin, any angle"


def test_however_many_structures_there_are_and_however_long_their_names_all_stays_in_its_place(
    page: Page, live_server: LiveServer, alice: User, image: Image
) -> None:
    project = image.dataset.project
    for number in range(40):
        factories.make_structure(project=project, name=f"{number} {LONG}")
    sign_in(page, live_server, alice)
    page.set_viewport_size(WINDOWS[1])
    for address in (
        reverse("gallery", args=[image.dataset_id]),
        reverse("label", args=[image.pk]),
    ):
        page.goto(live_server.url + address)
        structures = page.locator(".structure")
        expect(structures).to_have_count(41)
        for last in (structures.first, structures.last):
            expect(last).to_have_attribute("aria-checked", "true")
            expect(last).to_be_in_viewport(ratio=1)
            expect(page.get_by_role("radio", name=re.compile("^Yes"))).to_be_in_viewport(ratio=1)
            page.locator("[tabindex='0']").first.focus()
            page.keyboard.press("Shift+Tab")
    page.goto(live_server.url + reverse("team", args=[image.dataset_id]))
    show = page.get_by_role("button", name="Show").bounding_box()
    plan = page.get_by_label("Shared patches").bounding_box()
    assert show is not None
    assert plan is not None
    assert show["x"] + show["width"] <= plan["x"]
