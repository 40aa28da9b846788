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
    structure.name = _short("name", cleaned_name(name))
    usual = f"Is {structure.name} present here?"
    structure.question = _short("question", question.strip() or usual)
    structure.colour = colour.lower()
    structure.description = description


def _short(field: str, text: str) -> str:
    """What the column holds; SQLite would keep more, PostgreSQL none of it."""
    most: int | None = getattr(Structure._meta.get_field(field), "max_length", None)
    if most is not None and len(text) > most:
        raise Rejected(f"The {field} of a structure has at most {most} characters.", field=field)
    return text
