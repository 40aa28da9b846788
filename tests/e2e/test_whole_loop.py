"""From signing in to a mask on disk, as a person does it."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import tifffile
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.e2e.blobs import ALL_CELLS, PATCH, UM_PER_PX, Cell, blob_mask, centre, write_blobs
from tests.factories import PASSWORD, make_user
from tests.support.worker import Worker

FIRST = [(0, 0), (0, 1), (1, 2), (2, 0), (3, 3)]
SECOND = [(0, 2), (1, 1), (2, 1), (2, 3), (3, 0)]
UNSEEN = [(0, 3), (1, 0), (2, 2), (3, 1)]
COLOUR = "#d55e00"
MINUTE = 60_000


@pytest.mark.slow
def test_a_person_gets_from_three_images_to_masks(
    page: Page, live_server: LiveServer, worker: Worker, tmp_path: Path
) -> None:
    sign_in(page, live_server)
    make_data_set(page)
    upload(page, tmp_path)
    label_by_mouse(page)
    label_by_keys(page)
    find_every_label_again(page)
    train(page)
    segment(page)
    see_the_mask_in_its_colour(page)
    check_the_zip(download(page, tmp_path))


def sign_in(page: Page, live_server: LiveServer) -> None:
    make_user("alice")
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", "alice")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/projects/")


def make_data_set(page: Page) -> None:
    page.goto(page.url + "new/")
    page.fill("[name=name]", "Discs")
    page.get_by_role("button", name="Make project").click()
    page.wait_for_url("**/projects/*/")
    project = page.url
    page.goto(project + "structures/")
    page.fill("[name=name]", "Disc")
    page.locator(f"input[name=colour][value='{COLOUR}']").check(force=True)
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("rowheader", name="Disc")).to_be_visible()
    page.goto(project + "datasets/new/")
    page.fill("[name=name]", "Slide 1")
    page.locator(f"[name=patch_size][value='{PATCH}']").check(force=True)
    page.get_by_role("button", name="Make data set").click()
    page.wait_for_url("**/datasets/*/")


def upload(page: Page, folder: Path) -> None:
    files = [
        write_blobs(folder / f"{name}.tif", cells, seed=seed)
        for seed, (name, cells) in enumerate([("a", FIRST), ("b", SECOND), ("c", UNSEEN)])
    ]
    (folder / "notes.png").write_text("no image at all")
    page.locator("input[type=file]").first.set_input_files([*files, folder / "notes.png"])
    expect(page.locator("[data-image][data-state=ready]")).to_have_count(3)
    expect(page.get_by_text("notes.png").first).to_be_visible()


def label_by_mouse(page: Page) -> None:
    """Yes by clicks; the rest of the image is answered by keys."""
    page.get_by_role("link", name="Label", exact=True).first.click()
    ready(page, "a.tif")
    take_the_tour(page)
    for cell in FIRST:
        page.mouse.click(*on_page(page, cell))
    page.locator("[data-answer=no]").click()
    # A drag along the last row, up to the patch that is answered yes.
    page.mouse.move(*on_page(page, (3, 0)))
    page.mouse.down()
    page.mouse.move(*on_page(page, (3, 2)), steps=8)
    page.mouse.up()
    for cell in ALL_CELLS[:12]:
        if cell not in FIRST:
            page.mouse.click(*on_page(page, cell))
    expect_counts(page, yes=5, no=11)


def take_the_tour(page: Page) -> None:
    """Five sentences, on the first visit alone."""
    tour = page.get_by_role("dialog", name="How this works")
    for number in range(1, 6):
        expect(tour).to_contain_text(f"{number} of 5")
        page.keyboard.press("Enter")
    expect(tour).to_be_hidden()


def label_by_keys(page: Page) -> None:
    """1 and 2 answer and go on; 3 and Ctrl+Z are tried on the way."""
    page.keyboard.press("PageDown")
    ready(page, "b.tif")
    page.keyboard.press("3")
    expect_counts(page, yes=0, no=0, unsure=1)
    page.keyboard.press("Control+z")
    expect_counts(page, yes=0, no=0, unsure=0)
    for _ in range(8):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowLeft")
    for cell in ALL_CELLS:
        page.keyboard.press("1" if cell in SECOND else "2")
    expect_counts(page, yes=5, no=11)


def find_every_label_again(page: Page) -> None:
    page.reload()
    ready(page, "b.tif")
    expect_counts(page, yes=5, no=11)
    assert saved_yes(page) == set(SECOND)
    page.keyboard.press("PageUp")
    ready(page, "a.tif")
    expect_counts(page, yes=5, no=11)
    assert saved_yes(page) == set(FIRST)


def train(page: Page) -> None:
    page.get_by_role("link", name="Slide 1").click()
    page.wait_for_url("**/datasets/*/")
    page.get_by_role("link", name="Train", exact=True).first.click()
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url("**/runs/*/")
    expect(page.locator(".run-facts")).to_contain_text("%", timeout=MINUTE)
    expect(page.locator(".run-curve canvas")).to_be_visible(timeout=2 * MINUTE)
    expect(page.locator(".run[data-state=done]")).to_be_visible(timeout=5 * MINUTE)


def segment(page: Page) -> None:
    page.get_by_role("button", name="Segment all images").click()
    see_results = page.get_by_role("link", name="See the results")
    expect(see_results).to_be_visible(timeout=2 * MINUTE)
    see_results.click()
    page.wait_for_url("**/results/**")


def see_the_mask_in_its_colour(page: Page) -> None:
    """Orange over a disc of the image that no model has seen, and none beside it."""
    for name in ("b.tif", "c.tif"):
        page.get_by_role("link", name="Next image").click()
        ready(page, name)
    expect(page.locator(".result-facts")).to_contain_text("4 objects")
    page.wait_for_function(
        "([x, y]) => { const [red,, blue] = window.micraweb.pixelAt(x, y); return red > blue; }",
        arg=list(centre(UNSEEN[0])),
    )
    for cell in UNSEEN:
        red, green, blue, _ = drawn(page, *centre(cell))
        assert red > green > blue, (cell, red, green, blue)
        assert red - blue > 60, (cell, red, green, blue)
    for cell in set(ALL_CELLS) - set(UNSEEN):
        red, green, blue, _ = drawn(page, *centre(cell))
        assert max(red, green, blue) - min(red, green, blue) < 30, (cell, red, green, blue)


def download(page: Page, folder: Path) -> zipfile.ZipFile:
    with page.expect_download(timeout=2 * MINUTE) as started:
        page.get_by_role("button", name="Download all results").click()
    started.value.save_as(folder / "results.zip")
    return zipfile.ZipFile(folder / "results.zip")


def check_the_zip(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    [name] = [name for name in names if name.startswith("masks/c_")]
    with tifffile.TiffFile(io.BytesIO(archive.read(name))) as tiff:
        labels = tiff.asarray()
        numerator, denominator = tiff.pages.first.tags["XResolution"].value
    truth = blob_mask(UNSEEN)
    overlap = 2 * ((labels > 0) & truth).sum() / ((labels > 0).sum() + truth.sum())
    assert overlap > 0.7, overlap
    assert len(np.unique(labels)) == 1 + len(UNSEEN)
    assert numerator / denominator == pytest.approx(1 / UM_PER_PX)
    assert len(archive.read("labels.csv").splitlines()) == 1 + 2 * len(ALL_CELLS)
    assert {"objects.csv", "model/model.safetensors", "model/model.json"} <= set(names)
    assert json.loads(archive.read("model/model.json"))


def ready(page: Page, name: str) -> None:
    """Wait until the screen of this image is drawn and everything on it is saved."""
    expect(page).to_have_title(f"Label {name} · micraweb" if "label" in page.url else page.title())
    page.wait_for_function(
        "name => document.querySelector('.viewer')?.dataset.ready === 'true'"
        " && window.micraweb !== undefined && document.body.innerText.includes(name)",
        arg=name,
    )


def on_page(page: Page, cell: Cell) -> tuple[float, float]:
    """Where the middle of a patch lies in the window."""
    x, y = page.evaluate("([x, y]) => window.micraweb.clientPoint(x, y)", list(centre(cell)))
    return x, y


def drawn(page: Page, x: int, y: int) -> tuple[int, int, int, int]:
    red, green, blue, alpha = page.evaluate("([x, y]) => window.micraweb.pixelAt(x, y)", [x, y])
    return red, green, blue, alpha


def expect_counts(page: Page, *, yes: int, no: int, unsure: int = 0) -> None:
    """What the panel counts, once the server has confirmed it."""
    for answer, count in (("yes", yes), ("no", no), ("unsure", unsure)):
        expect(page.locator(f"[data-count={answer}]")).to_contain_text(str(count))
    expect(page.locator("[data-saved=true]")).to_be_visible()


def saved_yes(page: Page) -> set[Cell]:
    """The patches whose yes the server has kept."""
    image = page.url.rstrip("/").split("/")[-2]
    answer = page.request.get(page.url.split("/images/")[0] + f"/api/images/{image}/labels/")
    return {(one["row"], one["column"]) for one in answer.json() if one["value"] == "yes"}
