"""What a model expects of every patch of one image, and how much its patches look like one."""

import numpy as np
from numpy.typing import NDArray

from annotations.errors import Rejected
from annotations.models import Image, PatchScores, Role, Structure, User
from annotations.services.access import require_role, require_sight
from annotations.services.patches.likeness import likeness
from annotations.services.scores import decoded
from annotations.services.sheets import Place, layout_of
from annotations.services.structures import refuse_foreign


def image_scores(*, by: User, image: Image, structure: Structure) -> NDArray[np.float32] | None:
    """(rows, columns), 0 to 1: of the newest model; None where none has looked at this grid.

    Raises PermissionDenied for those who may not see scores.
    """
    require_sight(user=by, project=image.dataset.project)
    refuse_foreign(structure, image.dataset)
    kept = PatchScores.objects.filter(image=image, structure=structure).first()
    grid = image.grid
    if kept is None or (kept.rows, kept.columns) != (grid.rows, grid.columns):
        return None
    return decoded(kept.scores, kept.rows, kept.columns)


def image_likeness(*, by: User, image: Image, row: int, column: int) -> NDArray[np.float32]:
    """(rows, columns): how far each patch is from the given one, as `likeness` tells it.

    One is the distance of a patch in the middle of the image's order by likeness.
    """
    require_role(user=by, project=image.dataset.project, role=Role.VIEWER)
    if image.state != Image.State.READY:
        raise Rejected(f"{image.name} is not ready yet.")
    layout = layout_of(image.dataset, image=image.pk)
    like = Place(image.pk, row, column)
    distances = likeness(dataset=image.dataset, layout=layout, like=like).distances
    middle = float(np.median(distances))
    shape = image.grid.rows, image.grid.columns
    return (distances / max(middle, 1e-6)).astype(np.float32).reshape(shape)
