"""Errands of each kind."""

import json
from typing import Any

from annotations.models import (
    Errand,
    Image,
)
from tests.factories import make_errand

GRID = {"patch_size": 64, "overlap": 0, "transfer": True}
HEAD = "image,row,column,structure,value\n"


def grid(image: Image, **params: Any) -> Errand:
    return make_errand(dataset=image.dataset, kind=Errand.Kind.GRID, params=GRID | params)


def table(image: Image, lines: str, **params: Any) -> Errand:
    return make_errand(
        dataset=image.dataset,
        kind=Errand.Kind.TABLE,
        name="labels.csv",
        params={"annotators": False, "dry_run": False} | params,
        content=(HEAD + lines).encode(),
    )


def mask(image: Image, **params: Any) -> Errand:
    outline = {"type": "Polygon", "coordinates": [[[0, 0], [40, 0], [40, 8], [0, 8], [0, 0]]]}
    structure = image.dataset.project.structures.get().pk
    given = {"structure": structure, "answers": True, "reference": True, "dry_run": False}
    return make_errand(
        dataset=image.dataset,
        kind=Errand.Kind.MASK,
        name="slide 1.geojson",
        params=given | params,
        content=json.dumps(outline).encode(),
    )


def ended(errand: Errand, state: Errand.State) -> Errand:
    errand.refresh_from_db()
    assert (errand.state, errand.error if state != Errand.State.FAILED else "") == (state, "")
    assert errand.finished_at is not None
    return errand
