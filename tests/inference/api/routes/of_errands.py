"""Addresses of what workers do with answers: tables, masks, empty patches, another grid."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from annotations.models import Errand
from annotations.services.empty import find_empty
from tests.factories import make_errand
from tests.inference.api.case import Case
from tests.inference.api.routes.shared import nothing, of_dataset, of_image
from tests.inference.api.world import World


def _table(world: World) -> dict[str, Any]:
    line = f"{world.image.name},0,0,{world.structure.name},yes"
    content = f"image,row,column,structure,value\n{line}\n".encode()
    return {"file": SimpleUploadedFile("labels.csv", content)}


def _mask(world: World) -> dict[str, Any]:
    outline = {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 0]]]}
    name = f"{world.image.name.partition('.')[0]}.geojson"
    file = SimpleUploadedFile(name, json.dumps(outline).encode())
    return {"file": file, "structure": world.structure.pk, "answers": True}


def _reference(world: World) -> tuple[Any, ...]:
    return (world.reference.pk,)


def _grid(_: World) -> dict[str, Any]:
    return {"patch_size": 64, "overlap": 16, "transfer": True}


def _looked_at(world: World) -> tuple[Any, ...]:
    """An image whose empty patches are found."""
    if world.image.store.exists():
        find_empty(image=world.image)
    return of_image(world)


def _known_empties(world: World) -> tuple[Any, ...]:
    """A data set in one of whose images somebody has looked."""
    _looked_at(world)
    return of_dataset(world)


def _no_structure(_: World) -> dict[str, Any]:
    return {"structure": None}


def _cleared(world: World) -> tuple[Any, ...]:
    """What a manager had left out."""
    params: dict[str, Any] = {
        "structure": None,
        "images": [],
        "at": "2026-01-01T00:00:00+00:00",
        "undo": False,
    }
    by, done = world.dataset.created_by, Errand.State.DONE
    kind = Errand.Kind.CLEARING
    errand = make_errand(dataset=world.dataset, kind=kind, state=done, params=params, created_by=by)
    return (errand.pk,)


def _errand(world: World) -> tuple[Any, ...]:
    return (make_errand(dataset=world.dataset).pk,)


def _looked_through(world: World) -> tuple[Any, ...]:
    """A table that a manager had looked at."""
    return (
        make_errand(
            dataset=world.dataset,
            kind=Errand.Kind.TABLE,
            state=Errand.State.DONE,
            params={"annotators": False, "dry_run": True},
            created_by=world.dataset.created_by,
            content=b"image,row,column,structure,value",
        ).pk,
    )


ERRAND_CASES = (
    Case("post", "api-label-table", of_dataset, "annotator", 202, body=_table, multipart=True),
    Case("post", "api-masks", of_dataset, "annotator", 202, body=_mask, multipart=True),
    Case("get", "api-empty", _looked_at, "viewer", files=True),
    Case("post", "api-empty", of_image, "annotator", 202),
    Case("get", "api-dataset-empty", of_dataset, "viewer"),
    Case("post", "api-dataset-empty", of_dataset, "annotator", 202),
    Case("post", "api-clear", _known_empties, "annotator", 202, body=_no_structure, files=True),
    Case("post", "api-errand-undo", _cleared, "manager", 202, body=nothing),
    Case("get", "api-errands", of_dataset, "viewer", query="?kind=grid&mine=1"),
    Case("get", "api-errand", _errand, "viewer"),
    Case("delete", "api-errand", _errand, "manager", 204),
    Case("post", "api-errand-cancel", _errand, "manager", body=nothing),
    Case("post", "api-errand-take", _looked_through, "manager", 202, body=nothing),
    Case("get", "api-references", of_image, "viewer"),
    Case("delete", "api-reference", _reference, "manager", 204),
    Case("post", "api-grid", of_dataset, "manager", 202, body=_grid),
)
