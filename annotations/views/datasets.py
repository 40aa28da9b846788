"""Making, changing and deleting a data set. Its own page also shows models: see inference."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from annotations.forms.base import ConfirmForm, rejections_on
from annotations.forms.datasets import DatasetForm, DatasetSettingsForm, dataset_initial
from annotations.models import Dataset, Label, Role
from annotations.services.datasets import create_dataset, delete_dataset, update_dataset
from annotations.views.access import MemberRequest, dataset_for, project_context, project_for
from annotations.views.filling import form_methods, is_done, sent


@login_required
@form_methods
def dataset_new(request: MemberRequest, pk: int) -> HttpResponse:
    project = project_for(request, pk, Role.MANAGER)
    form = DatasetForm(sent(request))
    if form.is_valid():
        with rejections_on(form):
            dataset = create_dataset(by=request.user, project=project, **form.cleaned_data)
            return redirect("dataset", pk=dataset.pk)
    context = project_context(request, project) | {"form": form}
    return render(request, "datasets/form.html", context)


@login_required
@form_methods
def dataset_settings(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk, Role.MANAGER)
    channels = channel_names(dataset)
    form = DatasetSettingsForm(
        sent(request),
        initial=dataset_initial(dataset, channels=len(channels)),
        channels=channels,
    )
    by = request.user
    if is_done(request, form, lambda: update_dataset(by=by, dataset=dataset, **form.cleaned_data)):
        return redirect("dataset", pk=dataset.pk)
    context = project_context(request, dataset.project) | {
        "dataset": dataset,
        "labelled": Label.objects.filter(image__dataset=dataset).exists(),
        "form": form,
        **preview(dataset),
    }
    return render(request, "datasets/form.html", context)


def preview(dataset: Dataset) -> dict[str, Any]:
    """What the drawing of a grid over one of the images needs; nothing without an image."""
    images = dataset.images.ready()
    if not images.exists():
        return {}
    grid = {"patch_size": dataset.patch_size, "overlap": dataset.overlap}
    return {
        "preview_props": {"dataset": dataset.pk, **grid},
        "stacks": images.filter(size_z__gt=1).exists(),
        "series": images.filter(size_t__gt=1).exists(),
    }


def channel_names(dataset: Dataset) -> list[str]:
    """Of the image with most of them, which is what can be chosen from."""
    rows = dataset.images.ready().values_list("channels", flat=True)
    longest: list[dict[str, Any]] = max(rows, key=len, default=[])
    return [own["name"] or f"Channel {place}" for place, own in enumerate(longest, start=1)]


@login_required
@form_methods
def dataset_delete(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk, Role.MANAGER)
    form = ConfirmForm(sent(request), expected=dataset.name)
    said = f"The data set “{form.expected}” was deleted."
    if is_done(request, form, lambda: delete_dataset(by=request.user, dataset=dataset), said):
        return redirect("project", pk=dataset.project_id)
    context = project_context(request, dataset.project) | {
        "dataset": dataset,
        "image_count": dataset.images.count(),
        "label_count": Label.objects.filter(image__dataset=dataset).count(),
        "form": form,
    }
    return render(request, "datasets/delete.html", context)
