"""Addresses of runs, models and what they found."""

from typing import Any

from tests.inference.api.case import Case
from tests.inference.api.routes.shared import nothing, of_dataset, of_image
from tests.inference.api.world import World


def _model(world: World) -> tuple[Any, ...]:
    return (world.model.pk,)


def _queued(world: World) -> tuple[Any, ...]:
    return (world.queued.pk,)


def _failed(world: World) -> tuple[Any, ...]:
    return (world.failed.pk,)


def _export(world: World) -> tuple[Any, ...]:
    return (world.export.pk,)


def _segmentation(world: World) -> tuple[Any, ...]:
    return (world.segmentation.pk,)


def _map(world: World) -> tuple[Any, ...]:
    return (world.segmentation.pk, world.segmentation.key)


def _map_chunk(world: World) -> tuple[Any, ...]:
    return (*_map(world), "0/c/0/0/0")


def _with_model(world: World) -> dict[str, Any]:
    return {"model": world.model.pk}


def _threshold(_: World) -> dict[str, Any]:
    return {"threshold": 0.4}


def _output(world: World) -> tuple[Any, ...]:
    return (world.model.pk, world.structure.pk)


def _separation(_: World) -> dict[str, Any]:
    return {"method": "distance", "size": 12}


MODEL_CASES = (
    Case("get", "api-train", of_dataset, "viewer"),
    Case("post", "api-train", of_dataset, "annotator", 201, body=nothing),
    Case("post", "api-segment", of_dataset, "annotator", 201, body=_with_model),
    Case("post", "api-export", of_dataset, "viewer", 201, body=_with_model),
    Case("get", "api-runs", of_dataset, "viewer"),
    Case("get", "api-models", of_dataset, "viewer"),
    Case("get", "api-run", _queued, "viewer"),
    Case("post", "api-run-cancel", _queued, "annotator", body=nothing),
    Case("post", "api-run-retry", _failed, "annotator", body=nothing),
    Case("get", "api-run-download", _export, "viewer", files=True),
    Case("get", "api-model", _model, "viewer"),
    Case("get", "api-segmentations", of_image, "viewer"),
    Case("get", "api-map-root", _map, "viewer", files=True),
    Case("get", "api-map", _map_chunk, "viewer", files=True),
    Case("get", "api-patch-scores", _segmentation, "viewer", files=True),
    Case("get", "api-objects", _segmentation, "viewer", files=True),
    Case("post", "api-threshold", _segmentation, "annotator", 201, body=_threshold),
    Case("get", "api-thresholds", _segmentation, "viewer", files=True),
    Case("post", "api-separation", _output, "annotator", 201, body=_separation),
)
