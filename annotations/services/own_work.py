"""A person's own work in all their projects: what they did, and what there is to do."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import ceil
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q

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
from annotations.models.label import Answer
from annotations.services.people import midnight, speed_by


@dataclass(frozen=True)
class Task:
    """One assignment of a person, and how far they are.

    `answered` are all their answers: a person may go on by themselves after their share.
    """

    dataset: int
    dataset_name: str
    structure: int
    structure_name: str
    wanted: int
    answered: int

    @property
    def done(self) -> int:
        """Of what is wanted."""
        return min(self.answered, self.wanted)

    @property
    def beyond(self) -> int:
        """What was answered after all that is wanted."""
        return self.answered - self.done


@dataclass(frozen=True)
class DatasetWork:
    """What the person has answered in one data set, about all its structures."""

    dataset: int
    dataset_name: str
    project_name: str
    answers: int
    yes: int
    no: int
    unsure: int
    seconds_per_answer: float | None
    last_at: datetime


@dataclass(frozen=True)
class OwnWork:
    """A person's own page: no ranks, no streaks."""

    answers: int
    today: int
    seconds_per_answer: float | None
    # Shares of the same answers as the known ones, and as the first time; None before there are.
    with_known: float | None
    with_self: float | None
    # The data set of the latest answer first.
    datasets: list[DatasetWork]
    tasks: list[Task]
    sent_back: list[Remark]


def own_work(*, user: User, zone: tzinfo = UTC) -> OwnWork:
    """What the person has done and is asked to do, in all projects they are a member of.

    `zone`: in which it is today.
    """
    mine = Label.objects.visible_to(user).filter(annotator=user).order_by()
    history = LabelChange.objects.filter(annotator=user)
    remarks = Remark.objects.filter(sent_to=user, done_at=None)
    remarks = remarks.filter(image__dataset__project__memberships__user=user)
    return OwnWork(
        answers=mine.count(),
        today=mine.filter(updated_at__gte=midnight(zone)).count(),
        seconds_per_answer=speed_by(history, "annotator_id").get(user.pk),
        with_known=_with_known(user),
        with_self=_with_self(user),
        datasets=_datasets(user),
        tasks=_tasks(user),
        sent_back=list(remarks.select_related("image__dataset", "structure", "by")),
    )


def _datasets(user: User) -> list[DatasetWork]:
    mine = Label.objects.visible_to(user).filter(annotator=user).order_by()
    named = mine.values("image__dataset", "image__dataset__name", "image__dataset__project__name")
    rows: Any = named.annotate(
        answers=Count("pk"),
        last_at=Max("updated_at"),
        **{value: Count("pk", filter=Q(value=value)) for value in Answer.values},
    ).order_by("-last_at")
    speed = speed_by(LabelChange.objects.filter(annotator=user), "image__dataset")
    return [
        DatasetWork(
            dataset=row["image__dataset"],
            dataset_name=row["image__dataset__name"],
            project_name=row["image__dataset__project__name"],
            seconds_per_answer=speed.get(row["image__dataset"]),
            **{name: row[name] for name in ("answers", "last_at", *Answer.values)},
        )
        for row in rows
    ]


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
