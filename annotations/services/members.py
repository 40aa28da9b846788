"""Who takes part in a project."""

from django.db import IntegrityError, transaction
from django.db.models import Q

from annotations.errors import Rejected
from annotations.models import Assignment, Lease, Membership, Project, Role, User
from annotations.services.access import require_role


def add_member(*, by: User, project: Project, login: str, role: Role) -> Membership:
    """Add an existing account, found by user name or email address."""
    require_role(user=by, project=project, role=Role.MANAGER)
    user = _find_user(login)
    try:
        with transaction.atomic():
            return Membership.objects.create(project=project, user=user, role=role)
    except IntegrityError as error:
        message = f"{user.username} is a member already."
        raise Rejected(message, field="login", conflict=True) from error


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: Role) -> Membership:
    require_role(user=by, project=membership.project, role=Role.MANAGER)
    if role != Role.MANAGER:
        _keep_a_manager(membership)
    if role == Role.VIEWER:
        _ask_no_more(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, by: User, membership: Membership) -> None:
    """Take somebody out of the project, or leave it; their answers stay."""
    if membership.user != by:
        require_role(user=by, project=membership.project, role=Role.MANAGER)
    _keep_a_manager(membership)
    _ask_no_more(membership)
    membership.delete()


def _find_user(login: str) -> User:
    login = login.strip()
    matches = Q(username__iexact=login) | Q(email__iexact=login) & ~Q(email="")
    found = list(User.objects.filter(matches, is_active=True))
    exact = [user for user in found if login in (user.username, user.email)]
    if not found:
        raise Rejected(
            f"Nobody here has the user name or email address “{login}”. Ask them to sign up first.",
            field="login",
        )
    if len(exact or found) > 1:
        # Somebody may have taken another person's address as user name: never guess.
        raise Rejected(
            f"“{login}” stands for more than one account. Ask for the other name "
            "(user name or email address).",
            field="login",
        )
    return (exact or found)[0]


def _ask_no_more(membership: Membership) -> None:
    """Others are handed what was asked of somebody who may not answer any more."""
    project, person = membership.project_id, membership.user_id
    Assignment.objects.filter(dataset__project=project, annotator=person).delete()
    Lease.objects.filter(image__dataset__project=project, annotator=person).delete()


def _keep_a_manager(leaving: Membership) -> None:
    """Reject leaving a project without a manager.

    The project row is locked, so that two managers cannot both leave at the same moment.
    """
    project = Project.objects.select_for_update().get(pk=leaving.project_id)
    others = project.memberships.filter(role=Role.MANAGER).exclude(pk=leaving.pk)
    if leaving.role == Role.MANAGER and not others.exists():
        raise Rejected("A project needs a manager: make somebody else one first.")
