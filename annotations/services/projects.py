"""Making, changing and deleting projects."""

import shutil
from pathlib import Path

from django.db import transaction

from annotations.models import Image, Membership, Project, Role, User
from annotations.services.access import require_role
from annotations.services.holding import hold_patches
from annotations.services.saving import cleaned_name


@transaction.atomic
def create_project(*, by: User, name: str, description: str = "") -> Project:
    """Make a project whose first manager is the person who made it."""
    project = Project.objects.create(
        name=cleaned_name(name), description=description, created_by=by
    )
    Membership.objects.create(project=project, user=by, role=Role.MANAGER)
    return project


def update_project(*, by: User, project: Project, name: str, description: str) -> Project:
    require_role(user=by, project=project, role=Role.MANAGER)
    project.name = cleaned_name(name)
    project.description = description
    project.save(update_fields=["name", "description"])
    return project


@transaction.atomic
def delete_project(*, by: User, project: Project) -> None:
    """Delete the project with its images, labels, models and results, files included."""
    require_role(user=by, project=project, role=Role.MANAGER)
    hold_patches(project.datasets.values_list("pk", flat=True))
    folders = [dataset.folder for dataset in project.datasets.all()]
    folders += [image.folder for image in Image.objects.filter(dataset__project=project)]
    project.delete()
    transaction.on_commit(lambda: remove_folders(folders))


def remove_folders(folders: list[Path]) -> None:
    """Remove folders of deleted rows; one that is gone already is no error."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
