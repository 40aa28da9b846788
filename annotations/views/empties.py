"""The page on which the empty patches of a whole data set are found, answered or left out."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.models import Role
from annotations.views.access import MemberRequest, dataset_for, project_context


@login_required
@require_safe
def dataset_empties(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk, Role.ANNOTATOR)
    structures = list(dataset.project.structures.values("id", "name"))
    context = project_context(request, dataset.project) | {
        "dataset": dataset,
        "structures": structures,
        "props": {"dataset": dataset.pk, "structures": structures},
    }
    return render(request, "datasets/empties.html", context)
