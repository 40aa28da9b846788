"""The page on which answers, masks and outlines that exist are taken in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.models import Role
from annotations.services.access import may
from annotations.views.access import MemberRequest, dataset_for, project_context


@login_required
@require_safe
def existing(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk, Role.ANNOTATOR)
    project = dataset.project
    props = {
        "dataset": dataset.pk,
        "project": project.pk,
        "manager": may(user=request.user, project=project, role=Role.MANAGER),
    }
    context = project_context(request, project)
    context |= {"dataset": dataset, "structures": project.structures.all(), "props": props}
    return render(request, "datasets/existing.html", context)
