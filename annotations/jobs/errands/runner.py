"""One errand from claim to end."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from annotations.errors import BeingCut, Rejected
from annotations.jobs import claiming
from annotations.jobs.errands.kinds import KINDS
from annotations.jobs.failing import reason_of
from annotations.jobs.reporter import Reporter
from annotations.models import Errand

logger = logging.getLogger(__name__)


def run_errand(errand_id: int) -> bool:
    """Claim an errand, do it and write down how it ended; False asks to be called again.

    An errand of another worker's is left alone.
    """
    errand = claiming.claim(Errand, errand_id)
    if errand is None:
        return True
    reporter = Reporter(errand)
    try:
        return _do(errand, reporter)
    finally:
        _remove_file(errand)


def _do(errand: Errand, reporter: Reporter) -> bool:
    try:
        with reporter:
            # It may have been cancelled while nobody had it.
            reporter.tell(0, "")
            KINDS[errand.kind](errand, reporter.tell)
    except claiming.Stopped:
        claiming.end_stopped(errand, cancelled=reporter.cancelled, **_anew())
    except BeingCut:
        why = "Waiting for the change of the grid"
        return not claiming.give_back(errand, why, **_anew())
    except (Rejected, PermissionDenied) as refusal:
        claiming.finish(errand, Errand.State.FAILED, error=str(refusal))
    except Exception as error:
        logger.exception("%s failed", errand)
        reason = f"It failed for a reason of the server's ({reason_of(error)}). Try again."
        claiming.finish(errand, Errand.State.FAILED, error=reason)
    return True


def _anew() -> dict[str, Any]:
    """An errand that is given back begins again; its task is sent when the next sweep is due."""
    return {"progress": 0, "sent_at": timezone.now()}


def _remove_file(errand: Errand) -> None:
    """Unless it is needed again: by the next worker, or because it was only looked at."""
    now = Errand.objects.filter(pk=errand.pk).first()
    if now is None or not (now.is_active or now.can_be_taken):
        errand.path.unlink(missing_ok=True)
