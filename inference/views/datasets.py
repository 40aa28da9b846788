"""The page of a data set: its images and answers, and what machines made of them."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.models import Role
from annotations.services.progress import dataset_progress
from annotations.views.access import MemberRequest, dataset_for, project_context
from inference.views.scores import model_cards


@login_required
@require_safe
def dataset(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk)
    context = project_context(request, dataset.project)
    context |= {
        "dataset": dataset,
        "structures": dataset.project.structures.all(),
        "image_count": dataset.images.ready().count(),
        "progress": dataset_progress(dataset=dataset, user=request.user),
        "models": model_cards(dataset),
        "upload_props": {
            "dataset": dataset.pk,
            "role": context["role"],
            "folders": context["role"] == Role.MANAGER and bool(settings.IMPORT_ROOTS),
        },
        "runs_props": {"dataset": dataset.pk},
    }
    return render(request, "datasets/detail.html", context)


@login_required
@require_safe
def train(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk, Role.ANNOTATOR)
    context = project_context(request, dataset.project)
    context |= {
        "dataset": dataset,
        "has_images": dataset.images.ready().exists(),
        "props": {"dataset": dataset.pk},
    }
    return render(request, "datasets/train.html", context)
