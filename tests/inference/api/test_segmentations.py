"""Maps, patch scores, objects and thresholds over HTTP."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotations.models import Image
from inference.models import ModelStructure, Run, Segmentation
from tests.factories import make_model, make_segmentation, make_structure
from tests.inference.api.world import World, make_world, write_results
from tests.support.clients import client_of
from tests.support.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(data_root: Path) -> World:
    return make_world()


def _get(world: World, address: str) -> Any:
    return client_of(world.people["viewer"]).get(address)


def _list(world: World, query: str = "") -> Any:
    return _get(world, f"/api/images/{world.image.pk}/segmentations/{query}")


def test_a_result_tells_counts_areas_and_addresses(world: World) -> None:
    # 64 x 96 px of 0.5 x 0.25 µm; 600 px of them are inside.
    Image.objects.filter(pk=world.image.pk).update(pixel_size_y_um=0.5, pixel_size_x_um=0.25)
    ModelStructure.objects.update(threshold=0.25)
    (shown,) = _list(world).json()
    own = world.segmentation
    expected = {
        "id": own.pk, "image": world.image.pk, "model": world.model.pk,
        "model_name": "Model 1 (v1)", "threshold": 0.5, "default_threshold": 0.25,
        "default_smallest_px": 16,
        "separation": {"method": "automatic", "size": None, "unit": "px", "smallest": None},
        "object_count": 3, "area_px": 600,
        "area_um2": 75.0,
        "map": f"/api/segmentations/{own.pk}/map/{own.key}/",
        "patches": f"/api/segmentations/{own.pk}/patches/",
        "objects": f"/api/segmentations/{own.pk}/objects/",
        "structure": {
            "id": world.structure.pk, "name": world.structure.name,
            "colour": world.structure.colour,
        },
    }  # fmt: skip
    assert {key: shown[key] for key in expected} == expected
    assert shown["area_fraction"] == pytest.approx(600 / 6144)


def test_without_a_pixel_size_there_is_no_area_in_um(world: World) -> None:
    assert _list(world).json()[0]["area_um2"] is None


def test_the_newest_model_is_shown_unless_one_is_named(world: World) -> None:
    newer = make_model(dataset=world.dataset, structures=[world.structure])
    made = make_segmentation(image=world.image, model=newer, structure=world.structure)
    # A still newer one has not seen this image.
    make_model(dataset=world.dataset, structures=[world.structure])
    assert [one["id"] for one in _list(world).json()] == [made.pk]
    (older,) = _list(world, f"?model={world.model.pk}").json()
    assert older["id"] == world.segmentation.pk
    assert _list(world, f"?model={10**30}").json() == []
    assert _list(world, "?model=newest").status_code == 400


def test_an_image_that_nothing_has_segmented_has_no_results(world: World) -> None:
    assert _get(world, f"/api/images/{world.images[1].pk}/segmentations/").json() == []


def test_more_structures_take_no_more_queries(world: World) -> None:
    counts = []
    for structures in (2, 12):
        made = [make_structure(project=world.dataset.project) for _ in range(structures)]
        model = make_model(dataset=world.dataset, structures=made)
        for structure in made:
            make_segmentation(image=world.image, model=model, structure=structure)
        viewer = client_of(world.people["viewer"])
        rows, count = queries_of(viewer, f"/api/images/{world.image.pk}/segmentations/")
        assert rows == structures
        counts.append(count)
    assert counts[0] == counts[1]


def test_the_map_is_an_ome_zarr_store_of_one_channel(world: World) -> None:
    write_results(world.segmentation)
    root = _list(world).json()[0]["map"]
    metadata = json.loads(b"".join(_get(world, f"{root}0/zarr.json")))
    assert (metadata["shape"], metadata["data_type"]) == ([1, 64, 96], "uint8")
    chunk = _get(world, f"{root}0/c/0/0/0")
    assert chunk.status_code == 200
    assert _get(world, f"{root}../objects.parquet").status_code == 404


def test_a_map_that_was_replaced_is_not_mixed_with_the_new_one(world: World) -> None:
    write_results(world.segmentation)
    answer = _get(world, f"/api/segmentations/{world.segmentation.pk}/map/{uuid4()}/zarr.json")
    assert answer.status_code == 404
    assert "replaced" in answer.json()["detail"]


def test_patch_scores_are_told_row_by_row(world: World) -> None:
    write_results(world.segmentation)
    answer = _get(world, f"/api/segmentations/{world.segmentation.pk}/patches/")
    assert answer.json() == {
        "rows": 2,
        "columns": 3,
        "patch_size": 32,
        "overlap": 0,
        "decision": 0.5,
        "present": True,
        "scores": [[0.0, 0.2, 0.4], [0.6, 0.8, 1.0]],
    }


def test_objects_are_told_as_a_table(world: World) -> None:
    write_results(world.segmentation)
    table = _get(world, f"/api/segmentations/{world.segmentation.pk}/objects/").json()
    (disc,) = (dict(zip(table["columns"], row, strict=True)) for row in table["rows"])
    # A disc of radius 16 px around (32, 48); the circle's area is 804 px.
    assert disc["label"] == 1
    assert disc["area"] == pytest.approx(np.pi * 16**2, rel=0.02)
    assert (disc["centroid-0"], disc["centroid-1"]) == pytest.approx((32, 48), abs=0.6)
    assert disc["intensity_mean-Channel 1"] == pytest.approx(924.5, abs=5)


def test_a_table_without_objects_keeps_its_columns(world: World) -> None:
    _objects(world.segmentation, pa.table({"label": pa.array([], pa.int32())}))
    answer = _get(world, f"/api/segmentations/{world.segmentation.pk}/objects/")
    assert answer.json() == {"columns": ["label"], "rows": []}


def test_what_is_no_number_is_null_in_json(world: World) -> None:
    _objects(world.segmentation, pa.table({"label": [1], "score": [float("nan")]}))
    answer = _get(world, f"/api/segmentations/{world.segmentation.pk}/objects/")
    assert answer.json()["rows"] == [[1, None]]


@pytest.mark.parametrize("what", ["patches", "objects"])
def test_files_that_are_gone_are_named(world: World, what: str) -> None:
    answer = _get(world, f"/api/segmentations/{world.segmentation.pk}/{what}/")
    assert answer.status_code == 404
    assert "Segment the image again" in answer.json()["detail"]


def test_a_threshold_is_applied_by_a_run(world: World) -> None:
    client = client_of(world.people["annotator"])
    address = f"/api/segmentations/{world.segmentation.pk}/threshold/"
    shown = client.post(address, {"threshold": 0.75}, format="json").json()
    assert (shown["kind"], shown["state"], shown["model"]) == (
        "threshold",
        "queued",
        world.model.pk,
    )
    assert shown["params"] == {"segmentation": world.segmentation.pk, "threshold": 0.75}


@pytest.mark.parametrize("threshold", [-0.1, 1.1, "half", None, "NaN", "Infinity"])
def test_a_threshold_that_is_none_is_refused(world: World, threshold: Any) -> None:
    client = client_of(world.people["annotator"])
    address = f"/api/segmentations/{world.segmentation.pk}/threshold/"
    answer = client.post(address, {"threshold": threshold}, format="json")
    assert answer.status_code == 400
    assert answer.json()["threshold"]
    assert not Run.objects.filter(kind=Run.Kind.THRESHOLD).exists()


def _objects(segmentation: Segmentation, table: pa.Table) -> None:
    segmentation.folder.mkdir(parents=True)
    pq.write_table(table, segmentation.objects_table)
