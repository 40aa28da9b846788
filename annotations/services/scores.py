"""What the newest model expects of the patches of an image, one row per structure."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db.models import Count, Max, QuerySet
from numpy.typing import NDArray

from annotations.models import Dataset, Image, PatchGuesses, PatchScores, Structure

# Little-endian whatever the machine; three digits are more than a probability here deserves.
STORED = np.dtype("<f2")
# Of turns.
STORED_TURNS = np.dtype("<u2")


def keep_scores(*, image: Image, scores: Mapping[int, NDArray[np.floating]], source: str) -> None:
    """Replace an image's scores.

    Args:
        scores: by structure id, (rows, columns) of the image's grid, 0 to 1.
        source: the model they are of, for people.
    """
    for structure, values in scores.items():
        rows, columns = values.shape
        PatchScores.objects.update_or_create(
            image=image,
            structure_id=structure,
            defaults={
                "rows": rows,
                "columns": columns,
                "scores": values.astype(STORED).tobytes(),
                "source": source,
            },
        )


def scores_version(*, dataset: Dataset, structure: Structure) -> str:
    """A word that changes whenever a model or the answers lead to expect something else."""
    return "-".join(
        newest(table.objects.filter(structure=structure, image__dataset=dataset))
        for table in (PatchScores, PatchGuesses)
    )


def newest(rows: QuerySet[Any]) -> str:
    """A word that changes whenever one of these rows comes, goes or is written anew."""
    found = rows.order_by().aggregate(count=Count("pk"), at=Max("updated_at"))
    return f"{found['count']}:{found['at'].timestamp() if found['at'] else 0}"


def decoded(scores: bytes | memoryview, rows: int, columns: int) -> NDArray[np.float32]:
    """(rows, columns), 0 to 1: the scores of a row, as arrays of the machine."""
    stored: NDArray[Any] = np.frombuffer(scores, dtype=STORED)
    return stored.reshape(rows, columns).astype(np.float32)
