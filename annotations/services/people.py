"""Who has done how much, how fast, and what there is to do for somebody."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.db.models import Avg, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from annotations.models import (
    Assignment,
    Dataset,
    Image,
    Label,
    LabelChange,
    ModelPatch,
    Remark,
    Repeat,
    User,
)
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


@dataclass(frozen=True)
class Task:
    """One assignment of a person, and how far they are."""

    dataset: int
    dataset_name: str
    structure: int
    structure_name: str
    wanted: int
    answered: int


@dataclass(frozen=True)
class OwnWork:
    """A person's own page: no ranks, no streaks."""

    answers: int
    today: int
    seconds_per_answer: float | None
    # Shares of the same answers as the known ones, and as the first time; None before there are.
    with_known: float | None
    with_self: float | None
    tasks: list[Task]
    sent_back: list[Remark]


def people_of(*, by: User, dataset: Dataset) -> list[PersonWork]:
    """Everybody who has answered in the data set, by name."""
    require_sight(user=by, project=dataset.project)
    labels = Label.objects.filter(image__dataset=dataset).order_by()
    since = _midnight()
    counted = labels.values("annotator_id", "annotator__username").annotate(
        answers=Count("pk"),
        today=Count("pk", filter=Q(updated_at__gte=since)),
        first_at=Min("updated_at"),
        last_at=Max("updated_at"),
    )
    speed = _speed(LabelChange.objects.filter(image__dataset=dataset))
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


def own_work(*, user: User) -> OwnWork:
    """What the person has done and is asked to do, in all projects they are a member of."""
    mine = Label.objects.visible_to(user).filter(annotator=user).order_by()
    history = LabelChange.objects.filter(annotator=user)
    remarks = Remark.objects.filter(sent_to=user, done_at=None)
    remarks = remarks.filter(image__dataset__project__memberships__user=user)
    return OwnWork(
        answers=mine.count(),
        today=mine.filter(updated_at__gte=_midnight()).count(),
        seconds_per_answer=_speed(history).get(user.pk),
        with_known=_with_known(user),
        with_self=_with_self(user),
        tasks=_tasks(user),
        sent_back=list(remarks.select_related("image__dataset", "structure", "by")),
    )


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _speed(history: QuerySet[LabelChange]) -> dict[int, float]:
    """Seconds per answer of each person."""
    timed = history.filter(took_ms__lte=LONGEST_MS).order_by()
    means: Any = timed.values_list("annotator_id").annotate(mean=Avg("took_ms"))
    return {person: float(mean) / 1000 for person, mean in means}


def _with_known(user: User) -> float | None:
    place = {name: OuterRef(name) for name in ("image", "structure", "row", "column")}
    known = ModelPatch.objects.filter(use=ModelPatch.Use.CALIBRATION, **place)
    asked = Label.objects.filter(annotator=user).filter(Exists(known))
    total = asked.count()
    right = asked.filter(Exists(known.filter(value=OuterRef("value")))).count()
    return right / total if total else None


def _with_self(user: User) -> float | None:
    repeats = Repeat.objects.filter(annotator=user)
    total = repeats.count()
    return repeats.filter(first=F("second")).count() / total if total else None


def _tasks(user: User) -> list[Task]:
    assignments = Assignment.objects.filter(
        annotator=user, dataset__project__memberships__user=user
    )
    rows = list(assignments.select_related("dataset", "structure"))
    sizes = _sizes({row.dataset_id: row.dataset for row in rows})
    answered = _answered(user, rows)
    return [
        Task(
            dataset=row.dataset_id,
            dataset_name=row.dataset.name,
            structure=row.structure_id,
            structure_name=row.structure.name,
            wanted=ceil(row.share * sizes.get(row.dataset_id, 0)),
            answered=answered.get((row.dataset_id, row.structure_id), 0),
        )
        for row in rows
    ]


def _sizes(datasets: dict[int, Dataset]) -> dict[int, int]:
    """How many patches each data set has."""
    sizes: dict[int, int] = {}
    for image in Image.objects.ready().filter(dataset__in=datasets):
        image.dataset = datasets[image.dataset_id]
        count = image.grid.rows * image.grid.columns
        sizes[image.dataset_id] = sizes.get(image.dataset_id, 0) + count
    return sizes


def _answered(user: User, rows: list[Assignment]) -> dict[tuple[int, int], int]:
    labels = Label.objects.filter(
        annotator=user,
        image__dataset__in={row.dataset_id for row in rows},
        structure__in={row.structure_id for row in rows},
    )
    counted: Any = (
        labels.order_by().values_list("image__dataset", "structure").annotate(count=Count("pk"))
    )
    return {(dataset, structure): count for dataset, structure, count in counted}
