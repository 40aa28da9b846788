"""Who may do what in a project."""

from django.core.exceptions import PermissionDenied

from annotations.models import Image, Project, Role, User
from annotations.services.statements import rows, uuid_of

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


def image_in_sight(*, user: User, pk: int) -> Image | None:
    """An image that the user may look at, as far as its files go: nothing else of it is read."""
    found = rows(_KEY, [pk, user.pk])
    return Image(pk=pk, key=uuid_of(found[0][0])) if found else None


# Asked with every chunk of an image, dozens of times for one look at it.
_KEY = """
SELECT i.key FROM annotations_image i
JOIN annotations_dataset d ON d.id = i.dataset_id
JOIN annotations_membership m ON m.project_id = d.project_id
WHERE i.id = %s AND m.user_id = %s
"""


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
