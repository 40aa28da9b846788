"""Who may do what in a project."""

from django.core.exceptions import PermissionDenied

from annotations.models import Project, Role, User
from annotations.services.statements import rows

NEEDED = {
    Role.MANAGER: "Only managers of this project can do that.",
    Role.ANNOTATOR: "Viewers can look and download. Ask a manager to make you an annotator.",
    Role.VIEWER: "You are not a member of this project.",
}

BLIND = "This project is blind: its managers alone see the answers of others and model scores."


def role_of(*, user: User, project: Project) -> Role | None:
    """The user's role in the project, or None for a stranger."""
    found = rows(_ROLE, [user.pk, project.pk])
    return Role(found[0][0]) if found else None


# Asked with every request, and there is one at most.
_ROLE = "SELECT role FROM annotations_membership WHERE user_id = %s AND project_id = %s"


def may(*, user: User, project: Project, role: Role) -> bool:
    """Whether the user may do what members of that role do."""
    own = role_of(user=user, project=project)
    return own is not None and own.covers(role)


def require_role(*, user: User, project: Project, role: Role) -> None:
    """Raise PermissionDenied with the reason unless the user has at least that role."""
    if not may(user=user, project=project, role=role):
        raise PermissionDenied(NEEDED[role])


def required_role(*, user: User, project: Project, role: Role) -> Role:
    """The user's role; PermissionDenied unless it covers the other."""
    own = role_of(user=user, project=project)
    if own is None or not own.covers(role):
        raise PermissionDenied(NEEDED[role])
    return own


def sees_others(role: Role | None, project: Project) -> bool:
    """Whether a role may see the answers of others and what a model expects.

    In a blind project managers alone may: who answers must not be led, and who only looks on could
    tell those who answer.
    """
    return role is not None and (not project.blind or role == Role.MANAGER)


def require_sight(*, user: User, project: Project) -> None:
    """Raise PermissionDenied unless the user may see the answers of others."""
    if not sees_others(role_of(user=user, project=project), project):
        raise PermissionDenied(BLIND)
