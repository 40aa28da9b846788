"""The label screen, and the way to the image that needs it most."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from annotations.models import Role
from annotations.services.access import role_of, sees_others
from annotations.services.preferences import preferences_of
from annotations.services.progress import DatasetProgress, dataset_progress
from annotations.views.access import MemberRequest, dataset_for, image_for, project_context


@login_required
@require_safe
def label(request: MemberRequest, pk: int) -> HttpResponse:
    image = image_for(request, pk, Role.ANNOTATOR)
    project = image.dataset.project
    role = role_of(user=request.user, project=project)
    preferences = preferences_of(user=request.user)
    props = {
        "image": image.pk,
        "project_role": role,
        "scores": sees_others(role, project),
        "keys": preferences.keys,
        "tour_seen": preferences.label_tour_seen,
        "urls": {"dataset": reverse("dataset", args=[image.dataset_id]), "api": "/api/"},
    }
    context = project_context(request, project)
    context |= {"dataset": image.dataset, "image": image, "props": props}
    return render(request, "images/label.html", context)


@login_required
@require_safe
def dataset_label(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the annotator to the image they have answered least about."""
    dataset = dataset_for(request, pk, Role.ANNOTATOR)
    image = least_labelled(dataset_progress(dataset=dataset, user=request.user))
    if image is None:
        messages.info(request, "There is no image to label yet. Add images first.")
        return redirect("dataset", pk=dataset.pk)
    return redirect("label", pk=image)


def least_labelled(progress: DatasetProgress) -> int | None:
    """The image with the lowest share of labelled patches, the first of equals; none of which all
    patches are left out.

    Labels spread over images teach more than as many on one, and training needs at least two.
    """
    images = [image for image in progress["images"] if image["patches"]]
    if not images:
        return None
    return min(images, key=lambda image: image["labelled"] / image["patches"])["id"]
