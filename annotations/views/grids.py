"""Another patch grid for a data set: first what would happen, then the change, both by a worker."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from annotations.forms.base import rejections_on
from annotations.forms.datasets import GridChangeForm, grid_asked, grid_initial
from annotations.models import Dataset, Errand, Role
from annotations.services.asking import ask_for_grid, ask_for_grid_plan
from annotations.views.access import MemberRequest, dataset_for, project_context
from annotations.views.datasets import preview
from annotations.views.filling import form_methods, sent

KINDS = (Errand.Kind.GRID, Errand.Kind.GRID_PLAN)


@login_required
@form_methods
def dataset_grid(request: MemberRequest, pk: int) -> HttpResponse:
    dataset = dataset_for(request, pk, Role.MANAGER)
    errand = _errand(request, dataset)
    initial = grid_asked(errand.params) if errand else grid_initial(dataset)
    form = GridChangeForm(sent(request), initial=initial)
    if form.is_valid():
        with rejections_on(form):
            ask = ask_for_grid if "confirm" in request.POST else ask_for_grid_plan
            asked = ask(by=request.user, dataset=dataset, **form.cleaned_data)
            return redirect(reverse("dataset-grid", args=[pk]) + f"?errand={asked.pk}#errand")
    context = project_context(request, dataset.project) | {
        "dataset": dataset,
        "form": form,
        "errand": errand,
        "errand_props": {"errand": errand.pk} if errand else None,
        "plan": _plan(errand) if request.method == "GET" else None,
        "same": errand and _is_the_grid_of(dataset, errand),
        "former": dataset.former_grids.select_related("replaced_by").annotate(
            answers=Count("labels")
        ),
        **preview(dataset),
    }
    return render(request, "datasets/grid.html", context)


def _errand(request: MemberRequest, dataset: Dataset) -> Errand | None:
    """What the address names; else a change that is under way, whoever asked for it."""
    errands = dataset.errands.filter(kind__in=KINDS).select_related("created_by")
    given = request.GET.get("errand", "")
    if given.isascii() and given.isdecimal() and len(given) < 19:
        return errands.filter(pk=int(given)).first()
    return errands.active().filter(kind=Errand.Kind.GRID).first()


def _plan(errand: Errand | None) -> dict[str, Any] | None:
    """What was counted, until the change itself was asked for."""
    if errand is None or errand.kind != Errand.Kind.GRID_PLAN:
        return None
    return errand.report if errand.state == Errand.State.DONE else None


def _is_the_grid_of(dataset: Dataset, errand: Errand) -> bool:
    chosen = errand.params["patch_size"], errand.params["overlap"]
    return chosen == (dataset.patch_size, dataset.overlap)
