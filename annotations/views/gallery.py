"""The gallery: patches of many images on one screen."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.models import Dataset, Role
from annotations.services.access import role_of
from annotations.services.preferences import preferences_of
from annotations.views.access import MemberRequest, dataset_for, project_context


@login_required
@require_safe
def gallery(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk, Role.ANNOTATOR)
    preferences = preferences_of(user=request.user)
    props = {
        "dataset": dataset.pk,
        "project": dataset.project_id,
        "user": request.user.pk,
        "patch_size": dataset.patch_size,
        "overlap": dataset.overlap,
        "images": _images(dataset),
        "scores": _sees_scores(request, dataset),
        "keys": preferences.keys,
        "tour_seen": preferences.tour_seen,
    }
    context = project_context(request, dataset.project) | {"dataset": dataset, "props": props}
    return render(request, "datasets/gallery.html", context)


def _images(dataset: Dataset) -> list[dict[str, Any]]:
    images = (
        dataset.images.ready()
        .select_related("dataset")
        .only("name", "condition", "height", "width", "dataset__patch_size", "dataset__overlap")
    )
    return [
        {
            "id": image.pk,
            "name": image.name,
            "condition": image.condition,
            "rows": image.grid.rows,
            "columns": image.grid.columns,
        }
        for image in images
    ]


def _sees_scores(request: MemberRequest, dataset: Dataset) -> bool:
    role = role_of(user=request.user, project=dataset.project)
    return role == Role.MANAGER or not dataset.project.blind
