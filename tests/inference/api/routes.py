"""Every address of the HTTP interface with an object in it, and who may do what there."""

import json
from shutil import copytree
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from annotations.models import Errand, Image
from annotations.services.empty import find_empty
from tests.factories import make_errand, make_image
from tests.inference.api.case import Case
from tests.inference.api.routes_of_a_team import TEAM_CASES
from tests.inference.api.world import World
from tests.support.pictures import png, stack_tiff


def _project(world: World) -> tuple[Any, ...]:
    return (world.dataset.project_id,)


def _member(world: World) -> tuple[Any, ...]:
    return (world.member.pk,)


def _unused(world: World) -> tuple[Any, ...]:
    return (world.unused.pk,)


def _dataset(world: World) -> tuple[Any, ...]:
    return (world.dataset.pk,)


def _image(world: World) -> tuple[Any, ...]:
    return (world.image.pk,)


def _chunk(world: World) -> tuple[Any, ...]:
    return (world.image.pk, "0/c/0/0/0")


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


def _waiting(world: World) -> tuple[Any, ...]:
    """An image of pages that nothing explains."""
    return _with_original(world, Image.State.WAITING, "")


def _kept(world: World) -> tuple[Any, ...]:
    """An image that was refused for the server's sake."""
    return _with_original(world, Image.State.REFUSED, "The disk is full.")


def _with_original(world: World, state: Image.State, error: str) -> tuple[Any, ...]:
    image = make_image(dataset=world.dataset, state=state, error=error)
    image.folder.mkdir(parents=True)
    image.original.write_bytes(stack_tiff(3))
    return (image.pk,)


def _projection(world: World) -> tuple[Any, ...]:
    if world.image.store.exists() and not world.image.projection.exists():
        copytree(world.image.store, world.image.projection)
    return _image(world)


def _projection_chunk(world: World) -> tuple[Any, ...]:
    return (*_projection(world), "0/c/0/0/0")


def _planes(_: World) -> dict[str, Any]:
    return {"meaning": "Z"}


def _details(_: World) -> dict[str, Any]:
    return {"table": SimpleUploadedFile("table.csv", b"file,condition\na.png,drug\n")}


def _folder(_: World) -> dict[str, Any]:
    return {"path": "files"}


def _plan(_: World) -> dict[str, Any]:
    return {"files": [["a.png", 10, 0]]}


def _name(_: World) -> dict[str, Any]:
    return {"name": "Another"}


def _new_member(world: World) -> dict[str, Any]:
    stranger = world.people["stranger"]
    assert stranger is not None
    return {"login": stranger.username, "role": "viewer"}


def _role(_: World) -> dict[str, Any]:
    return {"role": "manager"}


def _file(_: World) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("a.png", png())}


def _answer(world: World) -> dict[str, Any]:
    return {"structure": world.structure.pk, "cells": [[1, 1]], "value": "yes"}


def _cells(world: World) -> dict[str, Any]:
    return {"cells": [[1, 1]]}


def _with_model(world: World) -> dict[str, Any]:
    return {"model": world.model.pk}


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
    return _image(world)


def _known_empties(world: World) -> tuple[Any, ...]:
    """A data set in one of whose images somebody has looked."""
    _looked_at(world)
    return _dataset(world)


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


def _threshold(_: World) -> dict[str, Any]:
    return {"threshold": 0.4}


def _output(world: World) -> tuple[Any, ...]:
    return (world.model.pk, world.structure.pk)


def _separation(_: World) -> dict[str, Any]:
    return {"method": "distance", "size": 12}


def _display(_: World) -> dict[str, Any]:
    channel = {"name": "DAPI", "colour": "0000ff", "visible": True, "low": 1, "high": 9, "gamma": 1}
    return {"channels": [channel]}


def _of_structure(world: World) -> dict[str, Any]:
    return {"structure": world.structure.pk}


def _one_cell(world: World) -> dict[str, Any]:
    return {"cells": f"{world.image.pk}:0:0"}


def _first_cell(_: World) -> dict[str, Any]:
    return {"row": 0, "column": 0}


def _nothing(_: World) -> dict[str, Any]:
    return {}


CASES = (
    *TEAM_CASES,
    Case("get", "api-project", _project, "viewer"),
    Case("patch", "api-project", _project, "manager", body=_name),
    Case("delete", "api-project", _project, "manager", 204),
    Case("get", "api-members", _project, "viewer"),
    Case("post", "api-members", _project, "manager", 201, body=_new_member),
    Case("patch", "api-member", _member, "manager", body=_role),
    Case("delete", "api-member", _member, "manager", 204),
    Case("get", "api-structures", _project, "viewer"),
    Case("post", "api-structures", _project, "manager", 201, body=_name),
    Case("patch", "api-structure", _unused, "manager", body=_name),
    Case("delete", "api-structure", _unused, "manager", 204),
    Case("get", "api-datasets", _project, "viewer"),
    Case("post", "api-datasets", _project, "manager", 201, body=_name),
    Case("get", "api-dataset", _dataset, "viewer"),
    Case("patch", "api-dataset", _dataset, "manager", body=_name),
    Case("delete", "api-dataset", _dataset, "manager", 204),
    Case("post", "api-label-table", _dataset, "annotator", 202, body=_table, multipart=True),
    Case("post", "api-masks", _dataset, "annotator", 202, body=_mask, multipart=True),
    Case("get", "api-empty", _looked_at, "viewer", files=True),
    Case("post", "api-empty", _image, "annotator", 202),
    Case("get", "api-dataset-empty", _dataset, "viewer"),
    Case("post", "api-dataset-empty", _dataset, "annotator", 202),
    Case("post", "api-clear", _known_empties, "annotator", 202, body=_no_structure, files=True),
    Case("post", "api-errand-undo", _cleared, "manager", 202, body=_nothing),
    Case("get", "api-errands", _dataset, "viewer", query="?kind=grid&mine=1"),
    Case("get", "api-errand", _errand, "viewer"),
    Case("delete", "api-errand", _errand, "manager", 204),
    Case("post", "api-errand-cancel", _errand, "manager", body=_nothing),
    Case("post", "api-errand-take", _looked_through, "manager", 202, body=_nothing),
    Case("get", "api-left-out", _image, "viewer"),
    Case("post", "api-left-out", _image, "annotator", body=_cells),
    Case("delete", "api-left-out", _image, "annotator", body=_cells),
    Case("get", "api-references", _image, "viewer"),
    Case("delete", "api-reference", _reference, "manager", 204),
    Case("post", "api-grid", _dataset, "manager", 202, body=_grid),
    Case("get", "api-progress", _dataset, "viewer"),
    Case("get", "api-display", _dataset, "viewer"),
    Case("put", "api-display", _dataset, "viewer", body=_display),
    Case("delete", "api-display", _dataset, "viewer", 204),
    Case("get", "api-patches", _dataset, "viewer", body=_of_structure),
    Case("get", "api-atlas", _dataset, "viewer", body=_one_cell, files=True),
    Case("get", "api-scores", _dataset, "viewer", body=_of_structure),
    Case("get", "api-look", _dataset, "viewer"),
    Case("get", "api-image-scores", _image, "manager", body=_of_structure),
    Case("get", "api-image-likeness", _image, "viewer", body=_first_cell, files=True),
    Case("get", "api-images", _dataset, "viewer"),
    Case("post", "api-images", _dataset, "annotator", 201, body=_file, multipart=True),
    Case("get", "api-image", _image, "viewer"),
    Case("delete", "api-image", _image, "manager", 204),
    Case("get", "api-image-thumbnail", _image, "viewer", files=True),
    Case("get", "api-image-store-root", _image, "viewer", files=True),
    Case("get", "api-image-store", _chunk, "viewer", files=True),
    Case("patch", "api-image", _image, "annotator", body=_name),
    Case("get", "api-image-projection-root", _projection, "viewer", files=True),
    Case("get", "api-image-projection", _projection_chunk, "viewer", files=True),
    Case("post", "api-image-retry", _kept, "annotator"),
    Case("post", "api-image-axes", _waiting, "annotator", body=_planes),
    Case("post", "api-dataset-axes", _dataset, "annotator", body=_planes),
    Case("get", "api-uploads", _dataset, "viewer"),
    Case(
        "post",
        "api-uploads",
        _dataset,
        "annotator",
        201,
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10"},
    ),
    Case("post", "api-upload-plan", _dataset, "annotator", body=_plan),
    Case("get", "api-arriving", _dataset, "viewer"),
    Case("delete", "api-arriving", _dataset, "annotator"),
    Case("get", "api-overview", _dataset, "viewer"),
    Case("get", "api-folder", _dataset, "manager", query="?path=files"),
    Case("post", "api-details", _dataset, "annotator", body=_details, multipart=True),
    Case("post", "api-folder", _dataset, "manager", 202, body=_folder),
    Case("get", "api-labels", _image, "viewer"),
    Case("get", "api-labels", _image, "manager", query="?annotator=all"),
    Case("post", "api-labels", _image, "annotator", body=_answer),
    Case("get", "api-train", _dataset, "viewer"),
    Case("post", "api-train", _dataset, "annotator", 201, body=_nothing),
    Case("post", "api-segment", _dataset, "annotator", 201, body=_with_model),
    Case("post", "api-export", _dataset, "viewer", 201, body=_with_model),
    Case("get", "api-runs", _dataset, "viewer"),
    Case("get", "api-models", _dataset, "viewer"),
    Case("get", "api-run", _queued, "viewer"),
    Case("post", "api-run-cancel", _queued, "annotator", body=_nothing),
    Case("post", "api-run-retry", _failed, "annotator", body=_nothing),
    Case("get", "api-run-download", _export, "viewer", files=True),
    Case("get", "api-model", _model, "viewer"),
    Case("get", "api-segmentations", _image, "viewer"),
    Case("get", "api-map-root", _map, "viewer", files=True),
    Case("get", "api-map", _map_chunk, "viewer", files=True),
    Case("get", "api-patch-scores", _segmentation, "viewer", files=True),
    Case("get", "api-objects", _segmentation, "viewer", files=True),
    Case("post", "api-threshold", _segmentation, "annotator", 201, body=_threshold),
    Case("get", "api-thresholds", _segmentation, "viewer", files=True),
    Case("post", "api-separation", _output, "annotator", 201, body=_separation),
)
# No object in the address: what they answer is about the person who asks.
# Of the person who sends the file and of nobody else, whatever their role:
# tests/annotations/api/uploads tries them.
OWN = {("api-upload", "patch"), ("api-upload", "delete"), ("api-upload-retry", "post")}
WITHOUT_OBJECT = {"api-token", "api-me", "api-own-work", "api-preferences", "api-projects"}
