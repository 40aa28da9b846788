"""Errands: handing them to a worker, cancelling, taking in what was looked at, dismissing."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from annotations.errors import Rejected
from annotations.models import Dataset, Errand, Role, User
from annotations.services.access import may, require_role
from annotations.services.queueing import RUN_ERRAND, enqueue
from annotations.services.work import cancel, restart


def queue_errand(
    *,
    by: User,
    dataset: Dataset,
    kind: Errand.Kind,
    params: dict[str, Any],
    name: str = "",
    key: UUID | None = None,
) -> Errand:
    """Hand something to a worker; `key` names its file, which is here already."""
    named = {"key": key} if key is not None else {}
    with transaction.atomic():
        errand = _created(
            dataset=dataset, kind=kind, params=params, name=name, created_by=by, **named
        )
        transaction.on_commit(lambda: enqueue(RUN_ERRAND, errand.pk))
    return errand


def _created(**fields: Any) -> Errand:
    try:
        with transaction.atomic():
            return Errand.objects.create(**fields)
    except IntegrityError as error:
        if "one_grid_change_at_a_time" not in str(error) and fields["kind"] != Errand.Kind.GRID:
            raise
        raise Rejected(
            "The grid of this data set is being changed already. Wait for that, or cancel it.",
            conflict=True,
        ) from error


def cancel_errand(*, by: User, errand: Errand) -> Errand:
    """End a waiting errand at once; ask a running one to stop at its next step."""
    _require_own(by, errand)
    if cancel(errand):
        errand.path.unlink(missing_ok=True)
    return errand


def take_errand(*, by: User, errand: Errand) -> Errand:
    """Take in a file that was looked at, as it was asked for then."""
    require_role(user=by, project=errand.dataset.project, role=Role.ANNOTATOR)
    if errand.created_by_id != by.pk:
        raise PermissionDenied("Answers are taken in by whoever sent the file.")
    if not errand.can_be_taken:
        raise Rejected("This file is not here any more. Send it again.", conflict=True)
    looked = Errand.objects.filter(pk=errand.pk, state=Errand.State.DONE, params__dry_run=True)
    with transaction.atomic():
        if restart(looked, params={**errand.params, "dry_run": False}, report={}):
            transaction.on_commit(lambda: enqueue(RUN_ERRAND, errand.pk))
    errand.refresh_from_db()
    return errand


def dismiss_errand(*, by: User, errand: Errand) -> None:
    """Forget an errand; one that runs stops, and nothing of it is left."""
    _require_own(by, errand)
    path = errand.path
    with transaction.atomic():
        errand.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _require_own(by: User, errand: Errand) -> None:
    """Whoever asked for it, and managers, may stop it."""
    project = errand.dataset.project
    require_role(user=by, project=project, role=Role.ANNOTATOR)
    if errand.created_by_id != by.pk and not may(user=by, project=project, role=Role.MANAGER):
        raise PermissionDenied(
            "Only whoever asked for it and managers of this project can do that."
        )
