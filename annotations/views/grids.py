"""Another patch grid for a data set: first what would happen, then the change."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render

from annotations.forms.base import rejections_on
from annotations.forms.datasets import GridChangeForm, grid_initial
from annotations.models import Role
from annotations.services.grids import GridChange, change_grid, plan_grid
from annotations.views.access import MemberRequest, dataset_for, project_context
from annotations.views.datasets import preview
from annotations.views.projects import form_methods


@login_required
@form_methods
def dataset_grid(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk, Role.MANAGER)
    form = GridChangeForm(
        request.POST if request.method == "POST" else None, initial=grid_initial(dataset)
    )
    asked: dict[str, Any] = {"by": request.user, "dataset": dataset}
    plan: GridChange | None = None
    if form.is_valid():
        with rejections_on(form):
            if "confirm" in request.POST:
                messages.success(request, _said(change_grid(**asked, **form.cleaned_data)))
                return redirect("dataset-settings", pk=dataset.pk)
            plan = plan_grid(**asked, **form.cleaned_data)
    context = project_context(request, dataset.project) | {
        "dataset": dataset,
        "form": form,
        "plan": plan,
        "same": plan and form.is_the_grid_of(dataset),
        "former": dataset.former_grids.select_related("replaced_by").annotate(
            answers=Count("labels")
        ),
        **preview(dataset),
    }
    return render(request, "datasets/grid.html", context)


def _said(done: GridChange) -> str:
    return (
        f"The grid was changed. {done.answers:,} answers are kept with the old one, "
        f"{done.restored + done.carried:,} stand on the new one."
    )
