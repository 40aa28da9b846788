"""Who may have the zip of an export: with everybody's answers it is not for all."""

from django.core.exceptions import PermissionDenied

from annotations.models import Project, Role, User
from annotations.services.access import role_of, sees_others
from inference.models import Run


def may_download(*, role: Role | None, project: Project, run: Run) -> bool:
    """In a blind project a zip that holds what people answered is for managers alone."""
    return sees_others(role, project) or not run.holds_answers


def require_download(*, by: User, run: Run) -> None:
    """Raise PermissionDenied unless the person may have the zip."""
    project = run.dataset.project
    if not may_download(role=role_of(user=by, project=project), project=project, run=run):
        raise PermissionDenied(
            "This zip holds what everybody answered, and the project is blind. Download the "
            "results anew: your zip comes without the answers."
        )
