"""The members of a project."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from annotations.errors import Rejected
from annotations.forms.base import rejections_on
from annotations.forms.members import MemberForm, RoleForm
from annotations.models import Membership, Role
from annotations.services.access import NEEDED, may
from annotations.services.members import add_member, change_role, remove_member
from annotations.views.access import MemberRequest, membership_for, project_context, project_for
from annotations.views.filling import form_methods, sent


@login_required
@form_methods
def members(request: MemberRequest, pk: int) -> HttpResponse:
    """The list; a manager also adds to it here."""
    adding = request.method == "POST"
    project = project_for(request, pk, Role.MANAGER if adding else Role.VIEWER)
    form = MemberForm(sent(request))
    if form.is_valid():
        with rejections_on(form):
            membership = add_member(by=request.user, project=project, **form.cleaned_data)
            messages.success(request, f"{membership.user.username} is a member now.")
            return redirect("members", pk=project.pk)
    context = project_context(request, project) | {
        "members": project.memberships.select_related("user"),
        "roles": Role.choices,
        "form": form,
    }
    return render(request, "members/list.html", context)


@login_required
@require_POST
def member_role(request: MemberRequest, pk: int) -> HttpResponse:
    membership = membership_for(request, pk)
    _require_manager_or_self(request, membership, self_allowed=False)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the roles.")
        return redirect("members", pk=membership.project_id)
    try:
        change_role(by=request.user, membership=membership, role=form.cleaned_data["role"])
        messages.success(request, f"{membership.user.username}: role changed.")
    except Rejected as error:
        messages.error(request, error.message)
    return redirect("members", pk=membership.project_id)


@login_required
@form_methods
def member_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take somebody out; people may also leave by themselves."""
    membership = membership_for(request, pk)
    _require_manager_or_self(request, membership, self_allowed=True)
    leaving = membership.user == request.user
    if request.method != "POST":
        context = project_context(request, membership.project)
        context |= {"membership": membership, "leaving": leaving}
        return render(request, "members/remove.html", context)
    try:
        remove_member(by=request.user, membership=membership)
    except Rejected as error:
        messages.error(request, error.message)
        return redirect("members", pk=membership.project_id)
    messages.success(request, _farewell(membership, leaving=leaving))
    return redirect("projects") if leaving else redirect("members", pk=membership.project_id)


def _require_manager_or_self(
    request: MemberRequest, membership: Membership, *, self_allowed: bool
) -> None:
    if self_allowed and membership.user == request.user:
        return
    if not may(user=request.user, project=membership.project, role=Role.MANAGER):
        raise PermissionDenied(NEEDED[Role.MANAGER])


def _farewell(membership: Membership, *, leaving: bool) -> str:
    project = membership.project.name
    if leaving:
        return f"You left “{project}”."
    return f"{membership.user.username} is no longer a member of “{project}”."
