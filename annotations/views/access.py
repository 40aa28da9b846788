"""The first line of every page: who asks, for what, and whether they may."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from annotations.models import Dataset, Image, Membership, Project, Role, Structure, User
from annotations.services.access import require_role, role_of


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in, as behind `login_required`."""

    user: User


def project_for(request: MemberRequest, pk: int, role: Role = Role.VIEWER) -> Project:
    """The project; 404 for strangers, 403 for members without the role."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require_role(user=request.user, project=project, role=role)
    return project


def structure_for(request: MemberRequest, pk: int, role: Role = Role.VIEWER) -> Structure:
    visible = Structure.objects.visible_to(request.user).select_related("project")
    structure = get_object_or_404(visible, pk=pk)
    require_role(user=request.user, project=structure.project, role=role)
    return structure


def membership_for(request: MemberRequest, pk: int) -> Membership:
    """Members may take themselves out, so which role is needed is left to the service."""
    visible = Membership.objects.visible_to(request.user).select_related("project", "user")
    return get_object_or_404(visible, pk=pk)


def dataset_for(request: MemberRequest, pk: int, role: Role = Role.VIEWER) -> Dataset:
    visible = Dataset.objects.visible_to(request.user).select_related("project")
    dataset = get_object_or_404(visible, pk=pk)
    require_role(user=request.user, project=dataset.project, role=role)
    return dataset


def image_for(request: MemberRequest, pk: int, role: Role = Role.VIEWER) -> Image:
    visible = Image.objects.visible_to(request.user).select_related("dataset__project")
    image = get_object_or_404(visible, pk=pk)
    require_role(user=request.user, project=image.dataset.project, role=role)
    return image


def project_context(request: MemberRequest, project: Project) -> dict[str, Any]:
    """What templates of a project need to offer only what the reader may do."""
    role = role_of(user=request.user, project=project)
    return {
        "project": project,
        "role": role,
        "can_manage": role is not None and role.covers(Role.MANAGER),
        "can_annotate": role is not None and role.covers(Role.ANNOTATOR),
    }
