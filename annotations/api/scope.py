"""What a request is about, as far as the user may see it; 404 for everything else."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from annotations.api.base import Request, user_of
from annotations.models import Dataset, Image, Membership, Project, Role, Structure
from annotations.services.access import image_in_sight, require_role


def project_of(request: Request, pk: int, role: Role = Role.VIEWER) -> Project:
    project = get_object_or_404(Project.objects.visible_to(user_of(request)), pk=pk)
    _need(request, project, role)
    return project


def dataset_of(request: Request, pk: int, role: Role = Role.VIEWER) -> Dataset:
    """The data set; 403 for members without the role."""
    rows = Dataset.objects.visible_to(user_of(request)).select_related("project")
    dataset = get_object_or_404(rows, pk=pk)
    _need(request, dataset.project, role)
    return dataset


def image_of(request: Request, pk: int, role: Role = Role.VIEWER) -> Image:
    rows = Image.objects.visible_to(user_of(request)).select_related("dataset__project")
    image = get_object_or_404(rows, pk=pk)
    _need(request, image.dataset.project, role)
    return image


def files_of(request: Request, pk: int) -> Image:
    """The image as far as its files go: nothing of it but where they are is known."""
    image = image_in_sight(user=user_of(request), pk=pk)
    if image is None:
        raise Http404("There is no such image.")
    return image


def structure_of(request: Request, pk: int, project: Project | None = None) -> Structure:
    """A structure the user may see; with `project`, one of that project."""
    rows = Structure.objects.visible_to(user_of(request))
    if project is not None:
        rows = rows.filter(project=project)
    return get_object_or_404(rows, pk=pk)


def membership_of(request: Request, pk: int) -> Membership:
    return get_object_or_404(Membership.objects.visible_to(user_of(request)), pk=pk)


def _need(request: Request, project: Project, role: Role) -> None:
    if role != Role.VIEWER:
        require_role(user=user_of(request), project=project, role=role)
