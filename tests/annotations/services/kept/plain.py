"""The same answers in the plain way: every row is read, every patch is looked at."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from annotations.agreement import (
    MISSING,
    answer_counts,
    cohen_kappa,
    dawid_skene,
    fleiss_kappa,
    krippendorff_alpha,
    vote_counts,
)
from annotations.crowd import ENOUGH
from annotations.models import Dataset, Image, Label, LabelChange, LeftOut, ModelPatch, Repeat, User
from annotations.models.structure import Structure
from annotations.services.people import midnight

Patch = tuple[int, int, int]
RATINGS = {"yes": 1, "no": 0, "unsure": MISSING}


def progress(dataset: Dataset, user: User) -> dict[str, Any]:
    """As `dataset_progress` says it."""
    labels = list(Label.objects.filter(image__dataset=dataset))
    out = {(row.image_id, row.row, row.column) for row in LeftOut.objects.all()}
    images = [_image(image, labels, out, user) for image in dataset.images.ready()]
    return {
        "patches": sum(image["patches"] for image in images),
        "structures": [
            _structure(structure, [row for row in labels if row.structure_id == structure.pk], out)
            for structure in Structure.objects.filter(project=dataset.project)
        ],
        "images": images,
    }


def _image(image: Image, labels: list[Label], out: set[Patch], user: User) -> dict[str, int]:
    mine = {_patch(row) for row in labels if row.annotator_id == user.pk} - out
    return {
        "id": image.pk,
        "labelled": sum(patch[0] == image.pk for patch in mine),
        "patches": image.grid.rows * image.grid.columns - sum(one[0] == image.pk for one in out),
    }


def _structure(structure: Structure, labels: list[Label], out: set[Patch]) -> dict[str, Any]:
    said = [row.value for row in labels]
    return {
        "id": structure.pk,
        "name": structure.name,
        "colour": structure.colour,
        "yes": said.count("yes"),
        "no": said.count("no"),
        "unsure": said.count("unsure"),
        "labelled": len({_patch(row) for row in labels} - out),
    }


def people(dataset: Dataset) -> list[tuple[str, int, int, float | None, datetime, datetime]]:
    """Name, answers, those of today, seconds per answer, first and last: by name."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for row in Label.objects.filter(image__dataset=dataset).select_related("annotator"):
        times[row.annotator.username].append(row.updated_at)
    took: dict[str, list[int]] = defaultdict(list)
    for change in LabelChange.objects.filter(image__dataset=dataset, took_ms__lte=300_000):
        took[change.annotator.username].append(change.took_ms or 0)
    return [
        (
            name,
            len(own),
            sum(at >= midnight(UTC) for at in own),
            sum(took[name]) / len(took[name]) / 1000 if took[name] else None,
            min(own),
            max(own),
        )
        for name, own in sorted(times.items())
    ]


def agreement(dataset: Dataset, structure: Structure) -> dict[str, Any]:
    """As `agreement_report` says it, as a dictionary."""
    labels = list(Label.objects.filter(image__dataset=dataset, structure=structure))
    names = sorted({row.annotator_id for row in labels})
    patches = sorted({_patch(row) for row in labels})
    ratings = np.full((len(patches), len(names)), MISSING, dtype=np.int64)
    for row in labels:
        ratings[patches.index(_patch(row)), names.index(row.annotator_id)] = RATINGS[row.value]
    counts = answer_counts(ratings, 2)
    answers = counts.sum(axis=1)
    several = answers[answers >= 2]
    raters = int(np.bincount(several).argmax()) if len(several) else 0
    weeks = np.array([_week(patch, labels).toordinal() for patch in patches])
    return {
        "patches": len(patches),
        "shared": len(several),
        "disagreeing": int((counts > 0).all(axis=1).sum()),
        "alpha": _number(krippendorff_alpha(ratings, 2)),
        "fleiss": _number(fleiss_kappa(counts[answers == raters])) if raters else None,
        "raters": raters,
        "pairs": _pairs(ratings, names),
        "people": [_person(one, structure, labels, ratings, names) for one in names],
        "weeks": [
            found
            for week in np.unique(weeks)
            if (found := _of_week(int(week), ratings[weeks == week], names))
        ],
    }


def _person(
    person: int, structure: Structure, labels: list[Label], ratings: Any, names: list[int]
) -> dict[str, Any]:
    own = {_patch(row): row.value for row in labels if row.annotator_id == person}
    values = list(own.values())
    known = ModelPatch.objects.filter(structure=structure, use=ModelPatch.Use.CALIBRATION)
    asked = [row for row in known if _patch(row) in own]
    repeats = list(Repeat.objects.filter(structure=structure, annotator=person))
    shared = ratings[(ratings != MISSING).sum(axis=1) >= 2]
    place, right = names.index(person), None
    if len(shared) >= ENOUGH:
        found = dawid_skene(vote_counts(shared, 2), smoothing=1, tolerance=1e-4, most=200)
        right = float(found.reliability[place])
    return {
        "id": person,
        "name": User.objects.get(pk=person).username,
        "answers": len(values),
        "yes": values.count("yes"),
        "no": values.count("no"),
        "unsure": values.count("unsure"),
        "reliability": right,
        "with_others": _with_others(ratings, place),
        "with_known": _share([row.value == own[_patch(row)] for row in asked]),
        "with_self": _share([row.first == row.second for row in repeats]),
        "repeats": len(repeats),
    }


def _with_others(ratings: Any, place: int) -> float | None:
    same = []
    for row in ratings:
        others = np.delete(row, place)
        above = int((others == 1).sum()) - int((others == 0).sum())
        if row[place] != MISSING and above:
            same.append((above > 0) == (row[place] == 1))
    return _share(same)


def _pairs(ratings: Any, names: list[int]) -> list[dict[str, Any]]:
    found = []
    for one in range(len(names)):
        for two in range(one + 1, len(names)):
            first, second = ratings[:, one], ratings[:, two]
            both = (first != MISSING) & (second != MISSING)
            if both.any():
                same = _share(list(first[both] == second[both]))
                kappa = _number(cohen_kappa(first, second))
                pair = {"first": names[one], "second": names[two], "patches": int(both.sum())}
                found.append(pair | {"same": same, "kappa": kappa})
    return found


def _of_week(start: int, ratings: Any, names: list[int]) -> dict[str, Any] | None:
    shared = int(((ratings != MISSING).sum(axis=1) >= 2).sum())
    if not shared:
        return None
    alpha = _number(krippendorff_alpha(ratings, 2))
    day = datetime.fromordinal(start).date()
    return {"start": day, "patches": shared, "alpha": alpha, "pairs": _pairs(ratings, names)}


def _week(patch: Patch, labels: list[Label]) -> Any:
    """The Monday of the week in which the patch was answered last."""
    day = timezone.localtime(max(row.updated_at for row in labels if _patch(row) == patch)).date()
    return day - timedelta(days=day.weekday())


def _patch(row: Label | ModelPatch) -> Patch:
    return row.image_id, row.row, row.column


def _share(same: list[bool]) -> float | None:
    return sum(bool(one) for one in same) / len(same) if same else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
