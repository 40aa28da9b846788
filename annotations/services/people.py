"""Who has done how much in a data set, and how fast."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Max, Min, Q, QuerySet
from django.utils import timezone

from annotations.models import Dataset, Label, LabelChange, Remark, User
from annotations.services.access import require_sight

# A patch that was looked at for longer lay on the screen while somebody had lunch.
LONGEST_MS = 5 * 60_000


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


def people_of(*, by: User, dataset: Dataset) -> list[PersonWork]:
    """Everybody who has answered in the data set, by name."""
    require_sight(user=by, project=dataset.project)
    labels = Label.objects.filter(image__dataset=dataset).order_by()
    since = midnight()
    counted = labels.values("annotator_id", "annotator__username").annotate(
        answers=Count("pk"),
        today=Count("pk", filter=Q(updated_at__gte=since)),
        first_at=Min("updated_at"),
        last_at=Max("updated_at"),
    )
    speed = speed_by(LabelChange.objects.filter(image__dataset=dataset), "annotator_id")
    back = Remark.objects.filter(image__dataset=dataset, done_at=None, sent_to__isnull=False)
    waiting = dict(back.order_by().values_list("sent_to").annotate(Count("pk")))
    rows: Any = counted.order_by("annotator__username")
    return [
        PersonWork(
            id=row["annotator_id"],
            name=row["annotator__username"],
            answers=row["answers"],
            today=row["today"],
            seconds_per_answer=speed.get(row["annotator_id"]),
            first_at=row["first_at"],
            last_at=row["last_at"],
            sent_back=waiting.get(row["annotator_id"], 0),
        )
        for row in rows
    ]


def midnight() -> datetime:
    """When today began, by the site's clock."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def speed_by(history: QuerySet[LabelChange], key: str) -> dict[int, float]:
    """Seconds per answer of each value of ``key``, a foreign key of the history."""
    timed = history.filter(took_ms__lte=LONGEST_MS).order_by()
    means: Any = timed.values_list(key).annotate(mean=Avg("took_ms"))
    return {value: float(mean) / 1000 for value, mean in means}
