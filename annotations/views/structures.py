"""The structures of a project."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render

from annotations.forms.base import ConfirmForm, rejections_on
from annotations.forms.structures import StructureForm, free_colour, structure_initial
from annotations.models import Role
from annotations.services.structures import create_structure, delete_structure, update_structure
from annotations.views.access import MemberRequest, project_context, project_for, structure_for
from annotations.views.filling import form_methods, is_done, sent


@login_required
@form_methods
def structures(request: MemberRequest, pk: int) -> HttpResponse:
    """The list; a manager also adds to it here."""
    adding = request.method == "POST"
    project = project_for(request, pk, Role.MANAGER if adding else Role.VIEWER)
    rows = project.structures.annotate(label_count=Count("labels")).order_by("pk")
    initial = {"colour": free_colour(row.colour for row in rows)}
    form = StructureForm(sent(request), initial=initial)
    if form.is_valid():
        with rejections_on(form):
            structure = create_structure(by=request.user, project=project, **form.cleaned_data)
            messages.success(request, f"“{structure.name}” was added.")
            return redirect("structures", pk=project.pk)
    context = project_context(request, project) | {"structures": rows, "form": form}
    return render(request, "structures/list.html", context)


@login_required
@form_methods
def structure_edit(request: MemberRequest, pk: int) -> HttpResponse:
    structure = structure_for(request, pk, Role.MANAGER)
    initial = structure_initial(
        name=structure.name,
        question=structure.question,
        colour=structure.colour,
        description=structure.description,
    )
    form = StructureForm(sent(request), initial=initial)
    by = request.user
    if is_done(
        request, form, lambda: update_structure(by=by, structure=structure, **form.cleaned_data)
    ):
        return redirect("structures", pk=structure.project_id)
    # What a failed save left on the row must not show as if it were saved.
    structure.refresh_from_db()
    context = project_context(request, structure.project) | {"structure": structure, "form": form}
    return render(request, "structures/edit.html", context)


@login_required
@form_methods
def structure_delete(request: MemberRequest, pk: int) -> HttpResponse:
    structure = structure_for(request, pk, Role.MANAGER)
    form = ConfirmForm(sent(request), expected=structure.name)
    said = f"“{form.expected}” was deleted."
    if is_done(request, form, lambda: delete_structure(by=request.user, structure=structure), said):
        return redirect("structures", pk=structure.project_id)
    context = project_context(request, structure.project) | {
        "structure": structure,
        "label_count": structure.labels.count(),
        "form": form,
    }
    return render(request, "structures/delete.html", context)
