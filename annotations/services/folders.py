"""Data sets made of a folder on this machine."""

from pathlib import Path

from django.db import transaction

from annotations.models import Dataset, Project, User
from annotations.services.datasets import create_dataset
from annotations.services.projects import create_project

PROJECT = "My images"


@transaction.atomic
def dataset_for_folder(*, by: User, folder: Path, patch_size: int) -> Dataset:
    """The user's data set of this folder's name, made when it is not there yet."""
    mine = Project.objects.visible_to(by).filter(name=PROJECT, created_by=by)
    project = mine.first() or create_project(
        by=by, name=PROJECT, description="Images from folders of this machine."
    )
    name = folder.resolve().name[:120] or "Images"
    found = project.datasets.filter(name=name).first()
    return found or create_dataset(by=by, project=project, name=name, patch_size=patch_size)
