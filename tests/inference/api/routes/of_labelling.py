"""Addresses of patches and the answers to them."""

from typing import Any

from tests.inference.api.case import Case
from tests.inference.api.routes.shared import of_dataset, of_image, structure
from tests.inference.api.world import World


def _answer(world: World) -> dict[str, Any]:
    return {"structure": world.structure.pk, "cells": [[1, 1]], "value": "yes"}


def _cells(world: World) -> dict[str, Any]:
    return {"cells": [[1, 1]]}


def _one_cell(world: World) -> dict[str, Any]:
    return {"cells": f"{world.image.pk}:0:0"}


def _first_cell(_: World) -> dict[str, Any]:
    return {"row": 0, "column": 0}


LABELLING_CASES = (
    Case("get", "api-left-out", of_image, "viewer"),
    Case("post", "api-left-out", of_image, "annotator", body=_cells),
    Case("delete", "api-left-out", of_image, "annotator", body=_cells),
    Case("get", "api-progress", of_dataset, "viewer"),
    Case("get", "api-patches", of_dataset, "viewer", body=structure),
    Case("get", "api-atlas", of_dataset, "viewer", body=_one_cell, files=True),
    Case("get", "api-scores", of_dataset, "viewer", body=structure),
    Case("get", "api-look", of_dataset, "viewer"),
    Case("get", "api-image-scores", of_image, "manager", body=structure),
    Case("get", "api-image-likeness", of_image, "viewer", body=_first_cell, files=True),
    Case("get", "api-labels", of_image, "viewer"),
    Case("get", "api-labels", of_image, "manager", query="?annotator=all"),
    Case("post", "api-labels", of_image, "annotator", body=_answer),
)
