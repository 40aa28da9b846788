"""Hundreds of files dropped at once, and folders of the server."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from annotations.models import Dataset, Image, Upload
from tests.factories import make_image
from tests.support.dropping import drop, stalls, tracing, watch
from tests.support.pictures import png
from tests.support.worker import Worker

FILES, BAD = 300, 3


@pytest.fixture
def plate(tmp_path: Path) -> Path:
    """A folder with a folder in it; the first files are no images."""
    plate = tmp_path / "plate"
    (plate / "deep").mkdir(parents=True)
    for number in range(FILES):
        folder = plate / "deep" if number % 2 else plate
        content = b"no image" if number < BAD else png(seed=number)
        (folder / f"img{number}.png").write_bytes(content)
    return plate


def test_hundreds_of_dropped_files_are_sent_over_a_reload_without_stalling_the_page(
    open_page: Page, dataset: Dataset, worker: Worker, plate: Path
) -> None:
    drop(open_page, plate)
    while Upload.objects.exclude(state=Upload.State.RECEIVING).count() < FILES // 3:
        open_page.wait_for_timeout(100)
    open_page.reload()
    watch(open_page)
    with tracing(open_page) as longest:
        drop(open_page, plate)
        here = open_page.locator(".upload-choice option[value=here]")
        expect(here).to_have_text(re.compile(r"Here already: [1-9]\d+"))
        expect(open_page.locator(".image-place")).to_have_text(f"1–60 of {FILES - BAD}")
    assert longest[0] < 200
    expect(open_page.get_by_text("3 refused")).to_be_visible()
    expect(open_page.locator(".upload-row[data-state=failed]")).to_have_count(BAD)
    assert dataset.images.count() == FILES - BAD
    # Nothing that was here was sent a second time.
    assert not Upload.objects.filter(error__contains="here already").exists()
    found = stalls(open_page)
    assert found["rows"] < 40
    assert found["cards"] <= 60


def test_each_of_hundreds_of_files_is_reached_and_all_are_paused_and_go_on(
    open_page: Page, dataset: Dataset, plate: Path
) -> None:
    drop(open_page, plate)
    open_page.get_by_role("button", name="Pause all").click()
    expect(open_page.locator(".upload-row[data-state=paused]").first).to_be_visible()
    open_page.locator(".upload-rows").evaluate("list => { list.scrollTop = list.scrollHeight; }")
    last = open_page.locator(".upload-row[aria-posinset='300'], .upload-row:last-child").last
    expect(last.get_by_role("button", name="Go on with")).to_be_visible()
    assert open_page.locator(".upload-row").count() < 40
    open_page.get_by_role("button", name="Go on with all").click()
    expect(open_page.locator(".upload-choice option[value=done]")).to_have_text(f"Sent: {FILES}")
    assert Upload.objects.filter(state=Upload.State.RECEIVED).count() == FILES


def test_a_drop_without_room_is_refused_as_a_whole_and_can_be_tried_again(
    open_page: Page, dataset: Dataset, tmp_path: Path, settings: Settings
) -> None:
    settings.PROJECT_QUOTA_BYTES = 7000
    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(png(seed=number))
    drop(open_page, *sorted(tmp_path.glob("*.png")))
    rows = open_page.locator(".upload-row[data-state=failed]")
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("4 files: the project's images would be more than")
    assert not Upload.objects.exists()
    settings.PROJECT_QUOTA_BYTES = 0
    open_page.get_by_role("button", name="Try refused again").click()
    expect(open_page.get_by_text("4 of 4 sent")).to_be_visible()
    assert Upload.objects.count() == 4


def test_pages_of_images_are_turned_and_searched(open_page: Page, dataset: Dataset) -> None:
    for number in range(130):
        make_image(dataset=dataset, name=f"cells{number:03d}.tif", well=f"B{number % 12}")
    open_page.reload()
    place = open_page.locator(".image-place")
    expect(place).to_have_text("1–60 of 130")
    open_page.get_by_role("button", name="Last page").click()
    expect(place).to_have_text("121–130 of 130")
    expect(open_page.locator("[data-image]")).to_have_count(10)
    open_page.get_by_label("Find images by name").fill("cells12")
    expect(open_page.locator("[data-image]")).to_have_count(10)
    expect(open_page.locator(".image-card").first).to_contain_text("cells120.tif")
    open_page.get_by_label("Filter by well").select_option("B3")
    expect(open_page.get_by_text("1 of 130 images")).to_be_visible()


def test_a_manager_imports_a_folder_of_the_server(
    open_page: Page, dataset: Dataset, worker: Worker, tmp_path: Path, settings: Settings
) -> None:
    root = tmp_path / "scans"
    (root / "monday" / "deep").mkdir(parents=True)
    (root / "monday" / "a.png").write_bytes(png(seed=1))
    (root / "monday" / "deep" / "b.png").write_bytes(png(seed=2))
    (root / "monday" / "bad.png").write_text("no image")
    table = tmp_path / "plate.csv"
    table.write_text("file,well\na.png,B2\nc.png,B3\n")
    settings.IMPORT_ROOTS = [str(root)]
    open_page.reload()
    open_page.get_by_role("button", name="From a folder of the server").click()
    dialog = open_page.get_by_role("dialog", name="Import from the server")
    dialog.get_by_role("button", name="monday").click()
    expect(dialog.get_by_text("2 files in this folder")).to_be_visible()
    dialog.get_by_label("Files in the folders within it too").check()
    dialog.get_by_label("Table of conditions and wells").set_input_files(table)
    dialog.get_by_role("button", name="Import", exact=True).click()
    begun = open_page.get_by_text("3 files are being imported.")
    expect(begun).to_be_visible()
    message = open_page.locator(".upload-message")
    expect(message).to_contain_text("Line 3: there is no image c.png.")
    expect(open_page.locator("[data-image][data-state=ready]")).to_have_count(2)
    expect(open_page.locator(".upload-row[data-state=failed]")).to_contain_text("bad.png")
    # Said while it was so; what is wrong with the table stays to be read.
    expect(begun).to_have_count(0)
    expect(message).to_contain_text("Line 3: there is no image c.png.")
    assert dict(Image.objects.values_list("name", "well")) == {"a.png": "B2", "b.png": ""}


def test_without_folders_of_the_server_no_button_is_there(open_page: Page) -> None:
    expect(open_page.get_by_role("button", name="Conditions and wells")).to_be_visible()
    expect(open_page.get_by_role("button", name="From a folder of the server")).to_have_count(0)
