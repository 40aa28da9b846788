"""The page of one run."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from annotations.views.access import MemberRequest, project_context
from inference.models import Run


@login_required
@require_safe
def run(request: MemberRequest, pk: int) -> HttpResponse:
    visible = Run.objects.visible_to(request.user).select_related("dataset__project", "created_by")
    run = get_object_or_404(visible, pk=pk)
    context = project_context(request, run.dataset.project)
    context |= {"dataset": run.dataset, "run": run, "props": {"run": run.pk}}
    return render(request, "runs/detail.html", context)
