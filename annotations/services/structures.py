"""The structures people are asked about."""

import re

from django.db import transaction
from django.db.models import RestrictedError

from annotations.errors import Rejected
from annotations.models import Dataset, Project, Role, Structure, User
from annotations.services.access import require_role
from annotations.services.holding import hold_patches
from annotations.services.saving import cleaned_name, unique_name


def create_structure(
    *, by: User, project: Project, name: str, question: str, colour: str, description: str = ""
) -> Structure:
    """Add a structure; without a question of its own it gets the usual one."""
    require_role(user=by, project=project, role=Role.MANAGER)
    structure = Structure(project=project)
    _fill(structure, name, question, colour, description)
    with unique_name("structure"):
        structure.save()
    return structure


def update_structure(
    *, by: User, structure: Structure, name: str, question: str, colour: str, description: str
) -> Structure:
    require_role(user=by, project=structure.project, role=Role.MANAGER)
    _fill(structure, name, question, colour, description)
    with unique_name("structure"):
        structure.save()
    return structure


def delete_structure(*, by: User, structure: Structure) -> None:
    """Delete the structure and every answer about it, unless a model was trained on them."""
    require_role(user=by, project=structure.project, role=Role.MANAGER)
    try:
        with transaction.atomic():
            hold_patches(structure.project.datasets.values_list("pk", flat=True))
            structure.delete()
    except RestrictedError as error:
        raise Rejected(
            f"{structure.name} is part of a trained model, which would lose its meaning. "
            "Rename the structure instead.",
            conflict=True,
        ) from error


def refuse_foreign(structure: Structure, dataset: Dataset, *, field: str = "structure") -> None:
    """Raise Rejected for a structure of another project than the data set's."""
    if structure.project_id != dataset.project_id:
        raise Rejected("This structure belongs to another project.", field=field)


def _fill(structure: Structure, name: str, question: str, colour: str, description: str) -> None:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise Rejected("A colour is written #rrggbb.", field="colour")
    structure.name = cleaned_name(name)
    structure.question = question.strip() or f"Is {structure.name} present here?"
    structure.colour = colour.lower()
    structure.description = description
