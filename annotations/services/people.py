"""Who has done how much in a data set, and how fast."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np
from django.db.models import Avg, Count, QuerySet
from django.utils import timezone

from annotations.models import Dataset, LabelChange, Remark, Structure, User
from annotations.services.access import require_sight
from annotations.services.answer_times import Times, microseconds, moment
from annotations.services.pace import seconds_per_answer, timed
from annotations.services.tallies import tallies_of
from annotations.services.tally import Tally


@dataclass(frozen=True)
class PersonWork:
    """What one annotator has done in a data set; seconds are of the answers whose time is known."""

    id: int
    name: str
    answers: int
    today: int
    seconds_per_answer: float | None
    first_at: datetime | None
    last_at: datetime | None
    sent_back: int


def people_of(*, by: User, dataset: Dataset, zone: tzinfo = UTC) -> list[PersonWork]:
    """Everybody who has answered in the data set, by name, as of now; `zone`: whose day it is."""
    require_sight(user=by, project=dataset.project)
    of_project = Structure.objects.filter(project=dataset.project_id)
    structures = list(of_project.values_list("pk", flat=True))
    with tallies_of(dataset=dataset, structures=structures, timed=True) as tallies:
        given = {person: at for person, at in _times(tallies.values()).items() if len(at)}
        start = midnight(zone)
        days = {person: _Days.of(at, start) for person, at in given.items()}
    speed = seconds_per_answer(dataset)
    back = Remark.objects.filter(image__dataset=dataset, done_at=None, sent_to__isnull=False)
    waiting = dict(back.order_by().values_list("sent_to").annotate(Count("pk")))
    people = User.objects.filter(pk__in=given).order_by("username")
    return [
        PersonWork(
            id=pk,
            name=name,
            seconds_per_answer=speed.get(pk),
            sent_back=waiting.get(pk, 0),
            **asdict(days[pk]),
        )
        for pk, name in people.values_list("pk", "username")
    ]


@dataclass(frozen=True)
class _Days:
    answers: int
    today: int
    first_at: datetime
    last_at: datetime

    @classmethod
    def of(cls, at: Times, start: datetime) -> "_Days":
        today = int(np.count_nonzero(at >= microseconds(start)))
        return cls(len(at), today, moment(at.min()), moment(at.max()))


def _times(tallies: Iterable[Tally]) -> dict[int, Times]:
    """When each person answered, about any structure."""
    found: dict[int, list[Times]] = {}
    for tally in tallies:
        assert tally.diaries is not None
        for person, diary in tally.diaries.of.items():
            found.setdefault(person, []).append(diary.at)
    return {person: np.concatenate(own) for person, own in found.items()}


def midnight(zone: tzinfo) -> datetime:
    """When today began in this zone."""
    return timezone.localtime(timezone=zone).replace(hour=0, minute=0, second=0, microsecond=0)


def speed_by(history: QuerySet[LabelChange], key: str) -> dict[int, float]:
    """Seconds per answer of each value of ``key``, a foreign key of the history."""
    means: Any = timed(history).values_list(key).annotate(mean=Avg("took_ms"))
    return {value: float(mean) / 1000 for value, mean in means}
