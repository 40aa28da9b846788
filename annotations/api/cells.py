"""Patches over HTTP: the row and the column of each, and the image where there are several."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from annotations.models import Image
from annotations.services.answers.labels import MAX_CELLS

HELP = "[row, column] of each patch."


def cells_field() -> serializers.ListField:
    """Patches as people send them, at least one."""
    cell = serializers.ListField(
        child=serializers.IntegerField(min_value=0), min_length=2, max_length=2
    )
    return serializers.ListField(child=cell, min_length=1, max_length=MAX_CELLS, help_text=HELP)


class CellsOutput(serializers.Serializer[Any]):
    patch_size = serializers.IntegerField(help_text="px")
    overlap = serializers.IntegerField(help_text="px")
    cells = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text=HELP
    )


def cells_of(image: Image, cells: Sequence[Any]) -> dict[str, Any]:
    """Patches with the grid that they are of."""
    grid = image.grid
    return {"patch_size": grid.patch_size, "overlap": grid.overlap, "cells": cells}


class PatchField(serializers.Serializer[Any]):
    image = serializers.IntegerField(min_value=0)
    row = serializers.IntegerField(min_value=0)
    column = serializers.IntegerField(min_value=0)


def cell_of(patch: dict[str, Any]) -> tuple[int, int, int]:
    return patch["image"], patch["row"], patch["column"]
