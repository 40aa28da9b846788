"""Thresholds that a map suggests, and how objects are told apart, over HTTP."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotations.imaging.store.maps import write_map
from annotations.models import Image
from inference.models import ModelStructure, Run
from inference.objects.choice import Separation
from inference.objects.histogram import cut_of
from tests.factories import make_structure
from tests.inference.api.world import World, make_world
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(data_root: Path) -> World:
    return make_world()


def _thresholds(world: World, query: str = "") -> Any:
    address = f"/api/segmentations/{world.segmentation.pk}/thresholds/{query}"
    return client_of(world.people["viewer"]).get(address)


def _separate(world: World, **body: Any) -> Any:
    address = f"/api/models/{world.model.pk}/structures/{world.structure.pk}/separation/"
    return client_of(world.people["annotator"]).post(address, body, format="json")


def test_a_map_suggests_thresholds(world: World) -> None:
    rng = np.random.default_rng(0)
    map_ = np.clip(rng.normal(20, 6, (64, 96)), 0, 255).astype(np.uint8)
    map_[10:30, 10:40] = np.clip(rng.normal(180, 20, (20, 30)), 0, 255)
    own = world.segmentation
    own.folder.mkdir(parents=True)
    write_map(map_, own.map, pixel_size_um=None, name="structure")
    counts = np.bincount(map_.ravel(), minlength=256)
    shown = _thresholds(world, "?share=80").json()
    assert shown["fixed"] == 0.5
    assert shown["otsu"] == cut_of(counts, "otsu")
    assert shown["triangle"] == cut_of(counts, "triangle")
    # By counting: 20 % of the pixels lie at or above, as far as whole levels allow.
    assert (map_ >= shown["percentile"] * 255).mean() == pytest.approx(0.2, abs=0.03)
    assert _thresholds(world).json()["percentile"] == cut_of(counts, "percentile", share=90)


@pytest.mark.parametrize("share", ["-1", "101", "half", "nan", "inf"])
def test_a_share_that_is_none_is_refused(world: World, share: str) -> None:
    assert _thresholds(world, f"?share={share}").status_code == 400


def test_thresholds_of_a_map_that_is_gone_are_named(world: World) -> None:
    answer = _thresholds(world)
    assert answer.status_code == 404
    assert "Segment the image again" in answer.json()["detail"]


def test_a_separation_is_chosen_and_applied_by_a_run(world: World) -> None:
    shown = _separate(world, method="distance", size=12.5).json()
    assert (shown["kind"], shown["state"], shown["model"]) == ("separate", "queued", world.model.pk)
    assert shown["params"] == {
        "structure": world.structure.pk, "method": "distance", "size": 12.5, "unit": "px",
        "smallest": None,
    }  # fmt: skip
    output = ModelStructure.objects.get(model=world.model)
    assert (output.separation_method, output.separation_size) == ("distance", 12.5)


def test_a_smallest_object_is_chosen_with_its_unit(world: World) -> None:
    Image.objects.update(pixel_size_y_um=0.5, pixel_size_x_um=0.5)
    assert _separate(world, method="none", smallest=2.5, unit="um").status_code == 201
    output = ModelStructure.objects.get(model=world.model)
    assert output.separation == Separation("none", None, "um", 2.5)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"method": "magic"},
        {"method": "automatic", "size": 3},
        {"method": "distance", "size": 0},
        {"method": "distance", "size": "Infinity"},
        {"method": "distance", "size": 3, "unit": "mm"},
        # No image here has a pixel size.
        {"method": "distance", "size": 3, "unit": "um"},
    ],
)
def test_a_separation_that_makes_no_sense_is_refused(world: World, body: dict[str, Any]) -> None:
    Image.objects.update(pixel_size_y_um=None, pixel_size_x_um=None)
    answer = _separate(world, **body)
    assert answer.status_code == 400
    assert isinstance(answer.json()["detail"], str)
    assert not Run.objects.filter(kind=Run.Kind.SEPARATE).exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"smallest": 0}, "smallest"),
        ({"smallest": -3}, "smallest"),
        ({"smallest": "NaN"}, "smallest"),
        ({"smallest": "Infinity"}, "smallest"),
        ({"smallest": "some"}, "smallest"),
        ({"smallest": 3, "size": 3}, "size"),
        # No image here has a pixel size.
        ({"smallest": 3, "unit": "um"}, "unit"),
    ],
)
def test_a_refusal_names_the_field(world: World, body: dict[str, Any], field: str) -> None:
    Image.objects.update(pixel_size_y_um=None, pixel_size_x_um=None)
    answer = _separate(world, method="none", **body)
    assert (answer.status_code, set(answer.json())) == (400, {"detail", field})
    assert ModelStructure.objects.get(model=world.model).separation == Separation()


def test_a_structure_that_the_model_has_not_learnt_is_not_there(world: World) -> None:
    other = make_structure(project=world.dataset.project)
    address = f"/api/models/{world.model.pk}/structures/{other.pk}/separation/"
    answer = client_of(world.people["annotator"]).post(address, {"method": "none"}, format="json")
    assert answer.status_code == 404
