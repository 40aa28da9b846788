"""Making, changing and deleting projects."""

import shutil
from pathlib import Path

from django.db import transaction

from annotations import storage
from annotations.errors import Rejected
from annotations.models import Image, Membership, Project, Role, User
from annotations.services.access import require_role
from annotations.services.holding import hold_patches
from annotations.services.queueing import TIDY_BUCKET, enqueue
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


def set_consensus(
    *, by: User, project: Project, blind: bool, consensus: str, consensus_probability: float
) -> Project:
    """Say how many answers become one, and whether annotators see those of others."""
    require_role(user=by, project=project, role=Role.MANAGER)
    if not 0.5 < consensus_probability < 1:
        raise Rejected(
            "The probability is more than 0.5 and less than 1.", field="consensus_probability"
        )
    project.blind = blind
    project.consensus = consensus
    project.consensus_probability = consensus_probability
    project.save(update_fields=["blind", "consensus", "consensus_probability"])
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
    """Remove folders of deleted rows; one that is gone already is no error.

    A bucket takes longer than anybody wants to wait for: a worker empties it.
    """
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    if storage.in_bucket():
        enqueue(TIDY_BUCKET)
