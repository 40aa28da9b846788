"""Asking for patches and answering them, in the few words of the tests."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from annotations.models import Dataset, Image, LabellingPlan, PatchScores, Structure, User
from annotations.services.answers.batches import record_answers
from annotations.services.answers.given import Given
from annotations.services.handing_out import Cell, hand_out

FRESH_FOR = "annotations.services.tallies.FRESH_FOR"


def ask(by: User, structure: Structure, count: int = 10, **how: Any) -> list[Cell]:
    dataset = Dataset.objects.get(project=structure.project)
    handed = hand_out(by=by, dataset=dataset, structure=structure, count=count, **how)
    return [cell for cell, _ in handed.patches]


def answer(
    by: User, structure: Structure, cells: Iterable[Cell], value: str = "yes", **fields: Any
) -> None:
    dataset = Dataset.objects.get(project=structure.project)
    answers = [Given(image, structure.pk, row, column, value, handed=True, **fields)
               for image, row, column in cells]  # fmt: skip
    record_answers(by=by, dataset=dataset, answers=answers)


def images_of(dataset: Dataset) -> list[Image]:
    return list(dataset.images.order_by("name"))


def plan(dataset: Dataset, **fields: Any) -> None:
    LabellingPlan.objects.create(dataset=dataset, **fields)


def score(dataset: Dataset, structure: Structure) -> None:
    """0 to 1 over the first image alone."""
    scores = np.linspace(0, 1, 20, dtype="<f2").reshape(4, 5)
    PatchScores.objects.create(
        image=images_of(dataset)[0],
        structure=structure,
        rows=4,
        columns=5,
        scores=scores.tobytes(),
        source="Model 1",
    )
