"""Answers as they arrive: in batches, out of order, twice, from several devices of one person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from annotations.models import Dataset, Role, User
from annotations.services.access import require_role
from annotations.services.answer_times import EPOCH
from annotations.services.answers.checks import checked_grid
from annotations.services.answers.given import Given, GridNamed
from annotations.services.answers.reading import known_events
from annotations.services.answers.rows import Standing, write
from annotations.services.holding import hold_for_answers, refuse_while_cut

MAX_ANSWERS = 10_000
# A clock that is off by less is taken as right: the difference may as well be the time that a batch
# was under way, and to shift each batch by its own would let a slow one overtake the next.
CLOCK_TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many answers changed what stands, and how many came after a later one of the person."""

    changed: int
    superseded: int
    now: datetime


def record_answers(
    *,
    by: User,
    dataset: Dataset,
    answers: Sequence[Given],
    clock: datetime | None = None,
    grid: GridNamed | None = None,
) -> Recorded:
    """Take in one person's answers about any patches of a data set, all of them or none.

    What arrives twice is known by its event and counts once. Of several answers of a person about
    one patch the latest stands; those that arrive after it are history. `clock` is the sender's
    time now: all times are shifted by what it is wrong, if that is a minute or more. A time to come
    is taken as now. `grid` is what the sender counts rows and columns in: refused where the data
    set has another one by now.
    """
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    now = timezone.now()
    ordered = _in_order(answers, now, clock)
    # Asked before a transaction is begun too, which on SQLite waits for the change of the grid.
    refuse_while_cut([dataset.pk])
    with transaction.atomic():
        hold_for_answers(dataset=dataset.pk, person=by.pk)
        cut = checked_grid(dataset, ordered, grid)
        fresh = _not_known(by, ordered)
        standing = Standing.read(by, fresh, now)
        for given in fresh:
            standing.take(given)
        write(by, cut, standing)
    return Recorded(standing.changed, standing.superseded, now)


def _in_order(answers: Iterable[Given], now: datetime, clock: datetime | None) -> list[Given]:
    """By time; of equal times, as they were sent."""
    if clock is None or abs(now - clock) < CLOCK_TOLERANCE:
        clock = now
    timed = (replace(given, at=_at(given, now, clock)) for given in answers)
    return sorted(timed, key=lambda given: given.at or now)


def _at(given: Given, now: datetime, clock: datetime) -> datetime:
    """When it was given; how long ago that was is what the sender's clock knows."""
    if given.at is None:
        return now
    ago = clock - given.at
    return now - min(max(ago, timedelta()), now - EPOCH)


def _not_known(by: User, answers: Sequence[Given]) -> list[Given]:
    """Without those whose event was taken in before, or comes twice in this batch."""
    seen: set[UUID | None] = set()
    seen |= known_events(by, [given.event for given in answers if given.event is not None])
    fresh = []
    for given in answers:
        if given.event is None or given.event not in seen:
            fresh.append(given)
            seen.add(given.event)
    return fresh
