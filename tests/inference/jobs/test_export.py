"""One zip of what a model found, with the answers and the model behind it."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image as Picture
from scipy import ndimage

from annotations.imaging.store.read import open_store
from annotations.jobs import claiming
from annotations.jobs.reporter import Reporter
from annotations.models import Dataset, Image, Project, Role
from annotations.services.existing.references import keep_reference
from inference.jobs.comparing import score_against_references
from inference.jobs.export import export
from inference.jobs.runner import run as do
from inference.masks import level_of
from inference.micranet.errors import Stopped
from inference.models import ModelStructure, ModelVersion, ReferenceScore, Run, Segmentation
from inference.objects.choice import Separation
from inference.services.runs import apply_separation, start_export, start_segmentation
from tests.factories import make_member, make_model
from tests.inference.jobs.labelled import make_labelled
from tests.inference.jobs.untrained import write_untrained
from tests.inference.objects.whole import objects_of
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    return make_labelled()[0]


@pytest.fixture
def model(dataset: Dataset) -> ModelVersion:
    """A model that has segmented both images."""
    model = make_model(dataset=dataset, structures=list(dataset.project.structures.all()))
    write_untrained(model)
    Image.objects.update(pixel_size_y_um=0.5, pixel_size_x_um=0.5)
    run = start_segmentation(by=dataset.created_by, dataset=dataset, model=model)
    do(run.pk)
    assert Segmentation.objects.count() == 2
    return model


def _exported(dataset: Dataset, model: ModelVersion, images: list[Image] | None = None) -> Run:
    run = start_export(by=dataset.created_by, dataset=dataset, model=model, images=images)
    do(run.pk)
    run.refresh_from_db()
    return run


def _rows(bundle: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.TextIOWrapper(bundle.open(name), "utf-8-sig")))


def test_the_zip_holds_masks_tables_and_the_model(dataset: Dataset, model: ModelVersion) -> None:
    run = _exported(dataset, model)
    assert (run.state, run.error) == (Run.State.DONE, "")
    with zipfile.ZipFile(run.bundle) as bundle:
        assert bundle.testzip() is None
        names = {name for name in bundle.namelist() if not name.endswith("/")}
        assert names == {
            "README.txt", "labels.csv", "patches.csv", "objects.csv", "detections.csv",
            "thresholds.csv",
            "masks/0_Discs.tif", "masks/1_Discs.tif", "model/model.json", "model/model.safetensors",
        }  # fmt: skip
        weights = (model.folder / "model.safetensors").read_bytes()
        assert bundle.read("model/model.safetensors") == weights


def test_a_mask_holds_the_numbered_objects_of_its_map(
    dataset: Dataset, model: ModelVersion
) -> None:
    run = _exported(dataset, model)
    own = Segmentation.objects.select_related("image").get(image__name="0.tif")
    map_ = open_store(own.map).read(0, 96, 0, 96)[0]
    expected = objects_of(map_, own.threshold, own.separation, pixel_size_um=(0.5, 0.5))
    with zipfile.ZipFile(run.bundle) as bundle:
        content = bundle.read("masks/0_Discs.tif")
        objects = [row for row in _rows(bundle, "objects.csv") if row["image"] == "0.tif"]
        points = [row for row in _rows(bundle, "detections.csv") if row["image"] == "0.tif"]
        (summary,) = (row for row in _rows(bundle, "thresholds.csv") if row["image"] == "0.tif")
    labels = tifffile.imread(io.BytesIO(content))
    np.testing.assert_array_equal(labels, expected)
    # Written by one library, read by another: 2 px per µm.
    with Picture.open(io.BytesIO(content)) as picture:
        assert picture.size == (96, 96)
        assert float(picture.tag_v2[282]) == pytest.approx(2)  # type: ignore[attr-defined]
    assert len(objects) == expected.max() == int(summary["object_count"])
    areas = np.bincount(expected.ravel())[1:].tolist()
    assert [float(row["area"]) for row in objects] == areas
    assert [int(row["label"]) for row in points] == list(range(1, expected.max() + 1))
    assert [int(expected[int(row["point-0"]), int(row["point-1"])]) for row in points] == list(
        range(1, expected.max() + 1)
    )
    assert float(summary["threshold"]) == own.threshold
    assert summary["mask"] == "masks/0_Discs.tif"
    assert int(summary["area_px"]) == sum(areas)


def test_what_is_below_the_smallest_object_is_in_no_file_and_the_table_says_so(
    dataset: Dataset, model: ModelVersion
) -> None:
    own = Segmentation.objects.select_related("image").get(image__name="0.tif")
    map_ = open_store(own.map).read(0, 96, 0, 96)[0]
    regions, _ = ndimage.label(map_ >= level_of(own.threshold))
    areas = np.bincount(regions.ravel())[1:]
    largest_um2 = float(areas.max()) * 0.25
    chosen = Separation("none", unit="um", smallest=largest_um2)
    structure = model.structures.get()
    do(
        apply_separation(
            by=dataset.created_by, model=model, structure=structure, separation=chosen
        ).pk
    )
    run = _exported(dataset, model)
    with zipfile.ZipFile(run.bundle) as bundle:
        labels = tifffile.imread(io.BytesIO(bundle.read("masks/0_Discs.tif")))
        objects = [row for row in _rows(bundle, "objects.csv") if row["image"] == "0.tif"]
        (summary,) = (row for row in _rows(bundle, "thresholds.csv") if row["image"] == "0.tif")
    np.testing.assert_array_equal(
        labels > 0, np.isin(regions, 1 + np.flatnonzero(areas == areas.max()))
    )
    assert {float(row["area"]) for row in objects} == {float(areas.max())}
    told = summary["separation"], summary["separation_unit"], float(summary["separation_smallest"])
    assert told == ("none", "um", largest_um2)


def test_every_answer_is_in_the_table_with_its_pixels(
    dataset: Dataset, model: ModelVersion
) -> None:
    run = _exported(dataset, model)
    with zipfile.ZipFile(run.bundle) as bundle:
        rows = _rows(bundle, "labels.csv")
    assert len(rows) == 18
    (middle,) = (
        row for row in rows if (row["image"], row["row"], row["column"]) == ("0.tif", "1", "1")
    )
    assert (middle["value"], middle["structure"]) == ("yes", "Discs")
    assert middle["annotator"] == dataset.created_by.username
    assert [middle[key] for key in ("y0", "x0", "y1", "x1")] == ["32", "32", "64", "64"]


def test_in_a_blind_project_answers_are_in_the_zips_of_managers_alone(
    dataset: Dataset, model: ModelVersion
) -> None:
    Project.objects.update(blind=True)
    annotator = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    for by, theirs in ((annotator, False), (dataset.created_by, True)):
        run = start_export(by=by, dataset=dataset, model=model)
        do(run.pk)
        with zipfile.ZipFile(run.bundle) as bundle:
            assert ("labels.csv" in bundle.namelist()) is theirs
            assert ("labels.csv" in bundle.read("README.txt").decode()) is theirs
            assert "patches.csv" in bundle.namelist()
        told = client_of(annotator).get(f"/api/runs/{run.pk}/").json()
        download = client_of(annotator).get(f"/api/runs/{run.pk}/download/")
        assert (told["download"] is None, download.status_code) == (
            (True, 403) if theirs else (False, 200)
        )
    Project.objects.update(blind=False)
    assert client_of(annotator).get(f"/api/runs/{run.pk}/download/").status_code == 200


def test_every_patch_and_image_is_said_to_show_it_or_not(
    dataset: Dataset, model: ModelVersion
) -> None:
    own = Segmentation.objects.select_related("image").get(image__name="0.tif")
    scores = np.array([[0.2, 0.4, 0.74], [0.69, 0.1, 0.3], [0.0, 0.1, 1.0]], dtype=np.float32)
    np.save(own.patch_scores, scores)
    other = Segmentation.objects.select_related("image").get(image__name="1.tif")
    np.save(other.patch_scores, np.full((3, 3), 0.69, dtype=np.float32))
    ModelStructure.objects.update(decision=0.75)
    run = _exported(dataset, model)
    with zipfile.ZipFile(run.bundle) as bundle:
        rows = _rows(bundle, "patches.csv")
        said = {row["image"]: row["value"] for row in _rows(bundle, "thresholds.csv")}
    assert len(rows) == 18
    yes = [(row["image"], row["row"], row["column"]) for row in rows if row["value"] == "yes"]
    assert yes == [("0.tif", "2", "2")]
    (last,) = (row for row in rows if (row["image"], row["row"], row["column"]) == yes[0])
    assert [last[key] for key in ("y0", "x0", "y1", "x1", "score")] == [
        "64", "64", "96", "96", "1.0"
    ]  # fmt: skip
    assert said == {"0.tif": "yes", "1.tif": "no"}


def test_only_the_images_asked_for_have_masks(dataset: Dataset, model: ModelVersion) -> None:
    run = _exported(dataset, model, [dataset.images.get(name="1.tif")])
    with zipfile.ZipFile(run.bundle) as bundle:
        masks = [name for name in bundle.namelist() if name.endswith(".tif")]
    assert masks == ["masks/1_Discs.tif"]


def test_scores_against_a_reference_stand_beside_the_threshold(
    dataset: Dataset, model: ModelVersion
) -> None:
    own = Segmentation.objects.select_related("image__dataset").get(image__name="0.tif")
    mask = np.zeros((own.image.height, own.image.width), dtype=np.uint32)
    mask[:20, :20] = 1
    keep_reference(dataset.created_by, own.image, own.structure, "0.png", "mask", mask)
    assert score_against_references() == 1
    score = ReferenceScore.objects.get()
    run = _exported(dataset, model)
    with zipfile.ZipFile(run.bundle) as bundle:
        rows = {row["image"]: row for row in _rows(bundle, "thresholds.csv")}
    for name in ("pixel_f1", "iou", "object_f1"):
        assert float(rows["0.tif"][f"reference_{name}"]) == getattr(score, name)
        assert rows["1.tif"][f"reference_{name}"] == ""
    assert int(rows["0.tif"]["reference_count_error"]) == score.count_error == own.object_count - 1
    assert rows["1.tif"]["reference_count_error"] == ""


def test_an_export_stops_within_an_image_and_leaves_no_half_of_it(
    dataset: Dataset, model: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = claiming.claim(Run, start_export(by=dataset.created_by, dataset=dataset, model=model).pk)
    assert run is not None
    reporter = Reporter(run)
    asked = iter([False, True])
    monkeypatch.setattr(reporter, "should_stop", lambda: next(asked))
    with pytest.raises(Stopped):
        export(run, reporter)
    assert not [path for path in run.folder.rglob("*") if path.is_file()]


def test_objects_that_were_changed_meanwhile_are_not_mixed_with_other_masks(
    dataset: Dataset, model: ModelVersion
) -> None:
    Segmentation.objects.filter(image__name="1.tif").update(object_count=999)
    run = _exported(dataset, model)
    assert run.state == Run.State.FAILED
    assert run.error == "The objects of 1.tif have just been changed. Export again."


def test_results_that_are_gone_since_fail_the_export_with_a_sentence(
    dataset: Dataset, model: ModelVersion
) -> None:
    run = start_export(by=dataset.created_by, dataset=dataset, model=model)
    Segmentation.objects.all().delete()
    do(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert run.error == "There is nothing to export: segment images with this model first."
    assert not run.bundle.exists()


def test_a_map_that_is_lost_fails_the_export_and_leaves_no_half_of_it(
    dataset: Dataset, model: ModelVersion
) -> None:
    own = Segmentation.objects.select_related("image").get(image__name="1.tif")
    own.map.rename(own.map.with_name("elsewhere"))
    run = _exported(dataset, model)
    assert run.state == Run.State.FAILED
    assert run.error
    assert not [path for path in run.folder.rglob("*") if path.is_file()]
