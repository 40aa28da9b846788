"""Sending files from a browser: pieces, interruptions, refusals, and what has to be asked."""

from pathlib import Path

import numpy as np
import tifffile
from playwright.sync_api import Page, Request, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from annotations.models import Dataset, Image, Label, Role, Upload
from tests.e2e.people import sign_in
from tests.factories import make_image, make_label, make_member, make_user
from tests.support.pictures import noise, png, stack_tiff
from tests.support.worker import Worker

MIB = 2**20
# That of frontend/src/upload/send.ts.
PIECE = 16 * MIB


class Line:
    """What stands between the browser and the server: counts pieces, and can be cut."""

    def __init__(self, page: Page) -> None:
        self.pieces: list[int] = []
        self.cut_after: int | None = None
        self.refused = 0
        page.route("**/api/uploads/*/", self._pass)

    def _pass(self, route: Route, request: Request) -> None:
        if request.method != "PATCH":
            route.continue_()
        elif self.cut_after is not None and len(self.pieces) >= self.cut_after:
            self.refused += 1
            route.abort("connectionreset")
        else:
            self.pieces.append(int(request.headers["upload-offset"]))
            route.continue_()


def _large(folder: Path) -> Path:
    """A TIFF of three pieces, the last one short."""
    path = folder / "large.tif"
    tifffile.imwrite(path, np.tile(noise(1024, 1024), (5, 8)))
    assert 2 * PIECE < path.stat().st_size < 3 * PIECE
    return path


def _choose(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(list(paths))


def _cut_off(page: Page, folder: Path, *, refused: int) -> tuple[Line, Path]:
    """A large file of which one piece arrived, and so many tries to send the next did not."""
    line, path = Line(page), _large(folder)
    line.cut_after = 1
    _choose(page, path)
    while line.refused < refused:
        page.wait_for_timeout(100)
    return line, path


def test_many_files_are_sent_and_become_images(
    open_page: Page, dataset: Dataset, worker: Worker, tmp_path: Path
) -> None:
    expect(open_page.get_by_role("link", name="Train")).to_be_hidden()
    paths = [tmp_path / f"img{number}.png" for number in range(12)]
    for number, path in enumerate(paths):
        path.write_bytes(png(seed=number))
    _choose(open_page, *paths)
    expect(open_page.locator("[data-image][data-state=ready]")).to_have_count(12)
    expect(open_page.locator(".upload-row")).to_have_count(0)
    expect(open_page.get_by_text("12 of 12 sent")).to_be_visible()
    expect(open_page.get_by_role("link", name="Start to label")).to_be_visible()
    expect(open_page.get_by_role("link", name="Train")).to_be_visible()
    assert dataset.images.count() == 12


def test_an_upload_goes_on_after_the_connection_broke(
    open_page: Page, dataset: Dataset, worker: Worker, tmp_path: Path
) -> None:
    line, path = _cut_off(open_page, tmp_path, refused=2)
    assert Upload.objects.get().received == PIECE
    line.cut_after = None
    expect(open_page.locator("[data-image][data-state=ready]")).to_have_count(1)
    # Nothing that had arrived was sent again.
    assert line.pieces == [0, PIECE, 2 * PIECE]
    assert Image.objects.get().byte_count == path.stat().st_size


def test_an_upload_goes_on_after_a_reload_with_the_same_file(
    open_page: Page, dataset: Dataset, worker: Worker, tmp_path: Path
) -> None:
    line, path = _cut_off(open_page, tmp_path, refused=1)
    open_page.reload()
    row = open_page.locator(".upload-row[data-state=halfway]")
    expect(row).to_contain_text("Choose or drop the same file again")
    line.cut_after = None
    _choose(open_page, path)
    expect(open_page.locator("[data-image][data-state=ready]")).to_have_count(1)
    assert line.pieces == [0, PIECE, 2 * PIECE]
    expect(open_page.locator(".upload-row")).to_have_count(0)


def test_an_upload_is_paused_goes_on_and_is_cancelled(
    open_page: Page, dataset: Dataset, tmp_path: Path
) -> None:
    _cut_off(open_page, tmp_path, refused=0)
    open_page.get_by_role("button", name="Pause large.tif").click()
    expect(open_page.locator(".upload-row[data-state=paused]")).to_contain_text("Paused at")
    open_page.get_by_role("button", name="Go on with all").click()
    expect(open_page.locator(".upload-row[data-state=sending]")).to_be_visible()
    open_page.get_by_role("button", name="Cancel large.tif").click()
    expect(open_page.locator(".upload-row[data-state=cancelled]")).to_be_visible()
    while Upload.objects.exists():
        open_page.wait_for_timeout(100)


def test_a_refused_file_says_why_and_the_others_go_on(
    open_page: Page, dataset: Dataset, worker: Worker, tmp_path: Path
) -> None:
    (tmp_path / "notes.png").write_text("no image at all")
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "again.png").write_bytes(png())
    _choose(open_page, tmp_path / "notes.png", tmp_path / "a.png")
    row = open_page.locator(".upload-row[data-state=failed]")
    expect(row).to_contain_text("no PNG image")
    expect(open_page.locator("[data-image][data-state=ready]")).to_have_count(1)
    open_page.reload()
    expect(row).to_contain_text("notes.png")
    open_page.get_by_role("button", name="Dismiss notes.png").click()
    expect(open_page.locator(".upload-row")).to_have_count(0)
    _choose(open_page, tmp_path / "again.png")
    expect(row).to_contain_text("This image is here already, as a.png.")


def test_a_full_disk_is_said_before_anything_is_sent(
    open_page: Page, dataset: Dataset, tmp_path: Path, settings: Settings
) -> None:
    settings.MIN_FREE_DISK_BYTES = 2**60
    (tmp_path / "a.png").write_bytes(png())
    _choose(open_page, tmp_path / "a.png")
    expect(open_page.locator(".upload-row[data-state=failed]")).to_contain_text("disk has no room")


def test_one_answer_says_what_the_pages_of_all_files_are_and_can_be_corrected(
    open_page: Page, dataset: Dataset, worker: Worker, tmp_path: Path
) -> None:
    for name, pages in (("a.tif", 7), ("b.tif", 4)):
        (tmp_path / name).write_bytes(stack_tiff(pages))
    _choose(open_page, tmp_path / "a.tif", tmp_path / "b.tif")
    asked = open_page.get_by_role("group", name="What the pages are")
    expect(asked).to_contain_text("2 images hold 4, 7 pages and do not say what they are.")
    asked.get_by_role("button", name="z planes").click()
    expect(open_page.locator("[data-image][data-state=ready]")).to_have_count(2)
    expect(asked).to_have_count(0)
    expect(open_page.locator(".image-card", has_text="a.tif")).to_contain_text("7 z")

    open_page.get_by_role("button", name="Details of a.tif").click()
    open_page.get_by_label("The pages of the file are").select_option("time points")
    open_page.get_by_role("button", name="Save").click()
    expect(open_page.locator(".image-card", has_text="a.tif")).to_contain_text("7 t")


def test_details_are_edited_come_from_a_table_and_are_filtered(
    open_page: Page, dataset: Dataset, tmp_path: Path
) -> None:
    for name in ("a.tif", "b.tif", "c.tif"):
        make_image(dataset=dataset, name=name)
    open_page.reload()
    open_page.get_by_role("button", name="Details of a.tif").click()
    open_page.get_by_label("Condition").fill("control")
    open_page.get_by_label("Well").fill("B2")
    open_page.get_by_role("button", name="Save").click()
    expect(open_page.locator(".image-card", has_text="a.tif")).to_contain_text("control · B2")

    table = tmp_path / "plate.csv"
    table.write_text("file;condition\nb.tif;drug\nc.tif;drug\nd.tif;drug\n")
    open_page.locator("[data-table]").set_input_files(table)
    message = open_page.locator(".upload-message")
    expect(message).to_contain_text("2 images described.")
    expect(message).to_contain_text("Line 4: there is no image d.tif.")
    open_page.get_by_label("Filter by condition").select_option("drug")
    expect(open_page.locator("[data-image]")).to_have_count(2)
    expect(open_page.get_by_text("2 of 3 images")).to_be_visible()


def test_a_manager_deletes_an_image_with_its_answers_and_an_annotator_cannot(
    open_page: Page, live_server: LiveServer, dataset: Dataset
) -> None:
    wrong, right = (make_image(dataset=dataset, name=name) for name in ("wrong.tif", "right.tif"))
    structure = dataset.project.structures.get()
    make_label(image=wrong, structure=structure, annotator=dataset.created_by)
    open_page.reload()
    open_page.get_by_role("button", name="Details of wrong.tif").click()
    delete = open_page.get_by_role("button", name="Delete the image")
    expect(delete).to_be_hidden()
    open_page.get_by_text("Delete this image …").click()
    delete.click()
    expect(open_page.locator("[data-image]")).to_have_count(1)
    assert list(Image.objects.all()) == [right]
    assert not Label.objects.exists()

    bob = make_user("bob")
    make_member(project=dataset.project, user=bob, role=Role.ANNOTATOR)
    sign_in(open_page, live_server, bob)
    open_page.reload()
    open_page.get_by_role("button", name="Details of right.tif").click()
    expect(open_page.get_by_role("button", name="Save")).to_be_visible()
    expect(open_page.get_by_text("Delete this image …")).to_have_count(0)
