"""One project: its page, and making, changing and deleting it."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotations.forms.base import ConfirmForm, rejections_on
from annotations.forms.plans import ConsensusForm, consensus_initial
from annotations.forms.projects import ProjectForm
from annotations.models import Image, Role
from annotations.services.projects import (
    create_project,
    delete_project,
    set_consensus,
    update_project,
)
from annotations.views.access import MemberRequest, project_context, project_for
from annotations.views.filling import form_methods, is_done, sent


@login_required
@require_safe
def project(request: MemberRequest, pk: int) -> HttpResponse:
    project = project_for(request, pk)
    counted = project.datasets.annotate(
        image_count=Count("images", filter=Q(images__state=Image.State.READY))
    )
    # Counting drops the order that the model names.
    datasets = counted.order_by("name", "pk").prefetch_related(
        Prefetch("images", queryset=Image.objects.ready()[:4], to_attr="samples"),
    )
    context = project_context(request, project) | {
        "datasets": datasets,
        "structures": project.structures.all(),
        "members": project.memberships.select_related("user"),
    }
    return render(request, "projects/detail.html", context)


@login_required
@form_methods
def project_new(request: MemberRequest) -> HttpResponse:
    form = ProjectForm(sent(request))
    if form.is_valid():
        with rejections_on(form):
            project = create_project(by=request.user, **form.cleaned_data)
            return redirect("project", pk=project.pk)
    return render(request, "projects/form.html", {"form": form})


@login_required
@form_methods
def project_edit(request: MemberRequest, pk: int) -> HttpResponse:
    project = project_for(request, pk, Role.MANAGER)
    initial = {"name": project.name, "description": project.description}
    # Two forms on one page, each with its button.
    ruling = "rule" in request.POST
    naming = request.method == "POST" and not ruling
    form = ProjectForm(request.POST if naming else None, initial=initial)
    rule = ConsensusForm(request.POST if ruling else None, initial=consensus_initial(project))
    by = request.user
    saved = is_done(
        request, form, lambda: update_project(by=by, project=project, **form.cleaned_data)
    ) or is_done(request, rule, lambda: set_consensus(by=by, project=project, **rule.cleaned_data))
    if saved:
        return redirect("project", pk=project.pk)
    context = project_context(request, project) | {"form": form, "rule": rule}
    return render(request, "projects/form.html", context)


@login_required
@form_methods
def project_delete(request: MemberRequest, pk: int) -> HttpResponse:
    project = project_for(request, pk, Role.MANAGER)
    form = ConfirmForm(sent(request), expected=project.name)
    said = f"The project “{form.expected}” was deleted."
    if is_done(request, form, lambda: delete_project(by=request.user, project=project), said):
        return redirect("projects")
    images = Image.objects.filter(dataset__project=project).count()
    context = project_context(request, project) | {"form": form, "image_count": images}
    return render(request, "projects/delete.html", context)
