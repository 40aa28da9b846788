"""Ending an errand within the transaction that changes rows."""

from typing import Any

from django.db import connection

from annotations.jobs.claiming import Stopped, finish
from annotations.models import Errand


def settle(errand: Errand, report: dict[str, Any]) -> None:
    """Say that it is done, within the transaction of what was done: both are so, or neither.

    Raises:
        Stopped: another worker has the errand, or somebody dismissed it.
    """
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        # Checks that are left to the end are made now: from here on, the errand's own row is held.
        connection.check_constraints()
    if not finish(errand, Errand.State.DONE, report=report, progress=1):
        raise Stopped
