"""Who waits for whom: many people answer at once, but not while the patches themselves change.

Advisory locks of PostgreSQL, which end with the transaction. SQLite has one writer at a time from
the start of a transaction on, so there is nothing to hold.
"""

from collections.abc import Iterable
from enum import IntEnum

from django.db import connection

from annotations.errors import BeingCut
from annotations.models import Errand
from annotations.services.statements import among, rows

# A lock has a number of 64 bits: what it is about in the upper ones, the row in the lower ones.
_ROW_BITS = 56


class _About(IntEnum):
    PATCHES = 1
    PERSON = 2
    HANDING_OUT = 3


def hold_for_answers(*, dataset: int, person: int) -> None:
    """Let others answer in the data set, but nobody change its grid, images or structures.

    One person's answers come one after the other, whatever number of devices they are sent from,
    so that each sees what the one before has changed.

    Raises:
        BeingCut: the grid is being changed.
    """
    refuse_while_cut([dataset])
    _hold(
        f"pg_advisory_xact_lock_shared({_key(_About.PATCHES, dataset)}), "
        f"pg_advisory_xact_lock({_key(_About.PERSON, person)})"
    )


def hold_patches(datasets: Iterable[int], *, cutting: bool = False) -> None:
    """Wait for those who answer in these data sets, and keep others out until the end.

    To be called before looking at answers in order to change a grid, or to delete an image, a
    structure or a data set. `cutting` is for the change of the grid itself.

    Raises:
        BeingCut: the grid of one of them is being changed.
    """
    # In one order for everybody, against deadlocks.
    wanted = sorted(set(datasets))
    if not cutting:
        refuse_while_cut(wanted)
    keys = [_key(_About.PATCHES, dataset) for dataset in wanted]
    if keys:
        _hold(", ".join(f"pg_advisory_xact_lock({key})" for key in keys))


def hold_grid(*, dataset: int) -> None:
    """Let others answer and ask, but nobody change the data set's grid, images or structures.

    Raises:
        BeingCut: the grid is being changed.
    """
    refuse_while_cut([dataset])
    _hold(f"pg_advisory_xact_lock_shared({_key(_About.PATCHES, dataset)})")


def hold_handing_out(*, structure: int) -> None:
    """Hand out patches for a structure one after the other; `hold_grid` comes before.

    The next person need not wait until the disk has it: what a crash of the database server takes
    away of it are loans of the last second, and answers are written in transactions of their own.
    """
    _hold(
        "set_config('synchronous_commit', 'off', true), "
        f"pg_advisory_xact_lock({_key(_About.HANDING_OUT, structure)})"
    )


def refuse_while_cut(datasets: Iterable[int]) -> None:
    """Nobody is to wait the minute that a change of the grid may take: they are told instead."""
    which, params = among("dataset_id", list(datasets))
    kind, state = Errand.Kind.GRID.value, Errand.State.RUNNING.value
    if rows(_CUTTING.format(which=which), [kind, state, *params]):
        raise BeingCut(
            "The patches of this data set are being cut anew, which takes a minute at most as a "
            "rule. Try again then.",
            conflict=True,
        )


_CUTTING = "SELECT 1 FROM annotations_errand WHERE kind = %s AND state = %s AND {which} LIMIT 1"


def _key(about: _About, row: int) -> int:
    return (about << _ROW_BITS) + row


def _hold(locks: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {locks}")
