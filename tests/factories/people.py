"""People, their projects and what they ask about."""

from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from annotations.models import (
    Membership,
    Project,
    Role,
    Structure,
    User,
)

PASSWORD = "correct horse battery"
numbers = count(1)


def make_user(username: str = "", **fields: Any) -> User:
    username = username or f"user{next(numbers)}"
    fields = {"email": f"{username}@example.org", "password": _hashed_password()} | fields
    return User.objects.create(username=username, **fields)


@cache
def _hashed_password() -> str:
    """Hashed once for all users: it is slow on purpose."""
    return make_password(PASSWORD)


def make_project(*, manager: User | None = None, name: str = "", description: str = "") -> Project:
    manager = manager or make_user()
    project = Project.objects.create(
        name=name or f"Project {next(numbers)}", description=description, created_by=manager
    )
    make_member(project=project, user=manager, role=Role.MANAGER)
    return project


def make_member(
    *, project: Project, user: User | None = None, role: Role = Role.ANNOTATOR
) -> Membership:
    return Membership.objects.create(project=project, user=user or make_user(), role=role)


def make_structure(
    *, project: Project | None = None, name: str = "", colour: str = "#e69f00"
) -> Structure:
    name = name or f"structure {next(numbers)}"
    return Structure.objects.create(
        project=project or make_project(),
        name=name,
        question=f"Is {name} present here?",
        colour=colour,
    )
