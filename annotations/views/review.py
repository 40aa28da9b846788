"""The review screen: where people differ, a manager has the last word."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.models import Dataset, Role
from annotations.services.preferences import preferences_of
from annotations.views.access import MemberRequest, dataset_for, project_context
from annotations.views.team import able, chosen_structure


@login_required
@require_safe
def review(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk, Role.MANAGER)
    structures = list(dataset.project.structures.all())
    structure = chosen_structure(request, structures)
    props = {
        "dataset": dataset.pk,
        "project": dataset.project_id,
        "patch_size": dataset.patch_size,
        "overlap": dataset.overlap,
        "images": _images(dataset),
        "structure": structure and structure.pk,
        "keys": preferences_of(user=request.user).keys,
        "people": [{"id": user.pk, "name": user.username} for user in able(dataset)],
    }
    context = project_context(request, dataset.project) | {"dataset": dataset, "props": props}
    return render(request, "team/review.html", context)


def _images(dataset: Dataset) -> list[dict[str, Any]]:
    """Names and grids, by which the screen says where a patch is and what lies around it."""
    images = dataset.images.ready().only("name", "height", "width", "dataset_id")
    found = []
    for image in images:
        image.dataset = dataset
        grid = {"rows": image.grid.rows, "columns": image.grid.columns}
        found.append({"id": image.pk, "name": image.name, **grid})
    return found
