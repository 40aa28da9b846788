"""From answers to rows: what stands for each patch, the history, and what was said twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from annotations.models import Dataset, Label, LabelChange, Lease, Remark, Repeat, User
from annotations.services.given import Given, Patch

KEYS = ("image_id", "structure_id", "row", "column")
# SQLite takes a few thousand values in one statement.
BATCH = 2000


@dataclass
class _State:
    """What a person says about one patch, and since when."""

    value: str = ""
    at: datetime | None = None
    label: int | None = None
    moved: bool = False


@dataclass
class _Taken:
    """An answer with what it found."""

    given: Given
    old: str
    applied: bool


@dataclass
class Standing:
    """One person's answers about the patches of a batch, before and after it."""

    states: dict[Patch, _State] = field(default_factory=dict)
    # Patches shown to the person for the second time: (first answer, second answer).
    repeats: dict[Patch, _State] = field(default_factory=dict)
    leases: dict[Patch, int] = field(default_factory=dict)
    # Asked of the person to look again; an answer does that.
    remarks: list[tuple[Patch, int]] = field(default_factory=list)
    taken: list[_Taken] = field(default_factory=list)
    changed: int = 0
    superseded: int = 0

    @classmethod
    def read(cls, by: User, answers: Sequence[Given], now: datetime) -> "Standing":
        standing = cls()
        if answers:
            standing._read_labels(by, answers)
            standing._read_cleared(by, answers)
            standing._read_leases(by, answers, now)
            standing._read_remarks(by, answers)
        return standing

    def _read_labels(self, by: User, answers: Sequence[Given]) -> None:
        labels = _about(Label.objects.filter(annotator=by), answers)
        for *key, value, at, pk in labels.values_list(*KEYS, "value", "updated_at", "pk"):
            self.states[_patch(key)] = _State(value, at, pk)

    def _read_cleared(self, by: User, answers: Sequence[Given]) -> None:
        """When answers were taken back that one of these could be older than."""
        oldest = min(given.at for given in answers if given.at is not None)
        gone = LabelChange.objects.filter(annotator=by, new="", applied=True, at__gt=oldest)
        for *key, at in _about(gone, answers).order_by("at").values_list(*KEYS, "at"):
            if _patch(key) not in self.states or self.states[_patch(key)].label is None:
                self.states[_patch(key)] = _State("", at)

    def _read_leases(self, by: User, answers: Sequence[Given], now: datetime) -> None:
        leases = _about(Lease.objects.filter(annotator=by), answers)
        for *key, pk, again, end in leases.values_list(*KEYS, "pk", "is_repeat", "expires_at"):
            if not again:
                self.leases[_patch(key)] = pk
            elif end > now and _patch(key) in self.states:
                # Kept until its time is up, so that a second thought is about the repeat as well.
                self.repeats[_patch(key)] = _State()

    def _read_remarks(self, by: User, answers: Sequence[Given]) -> None:
        asked = _about(Remark.objects.filter(sent_to=by, done_at=None), answers)
        self.remarks = [(_patch(key), pk) for *key, pk in asked.values_list(*KEYS, "pk")]

    def take(self, given: Given) -> None:
        """Let one answer count; they come in the order of their times."""
        if given.patch in self.repeats:
            self._take_repeat(given)
            return
        state = self.states.setdefault(given.patch, _State())
        late = state.at is not None and given.at is not None and given.at < state.at
        if late or state.value != given.value:
            self.taken.append(_Taken(given, state.value, applied=not late))
        if late:
            self.superseded += 1
            return
        self.changed += state.value != given.value
        state.value, state.at, state.moved = given.value, given.at, True

    def _take_repeat(self, given: Given) -> None:
        """A second answer stands beside the first one and changes nothing."""
        first = self.states[given.patch].value
        self.taken.append(_Taken(given, first, applied=False))
        self.repeats[given.patch] = _State(given.value, given.at, moved=True)


def write(by: User, dataset: Dataset, standing: Standing) -> None:
    """History, answers, second answers; and what was handed out and is answered goes."""
    history = [_change(by, dataset, taken) for taken in standing.taken]
    LabelChange.objects.bulk_create(history, batch_size=BATCH)
    _set(by, standing)
    _clear(standing)
    _repeat(by, standing)
    answered = {taken.given.patch for taken in standing.taken} | {
        patch for patch, state in standing.states.items() if state.moved
    }
    gone = [pk for patch, pk in standing.leases.items() if patch in answered]
    _delete(Lease.objects.all(), gone)
    done = [pk for patch, pk in standing.remarks if patch in answered]
    if done:
        Remark.objects.filter(pk__in=done).update(done_at=timezone.now())


def _change(by: User, dataset: Dataset, taken: _Taken) -> LabelChange:
    given = taken.given
    return LabelChange(
        **_fields(given.patch),
        annotator=by,
        old=taken.old,
        new=given.value,
        at=_sure(given.at),
        patch_size=dataset.patch_size,
        overlap=dataset.overlap,
        event=given.event,
        took_ms=given.took_ms,
        suggested=given.suggested,
        applied=taken.applied,
    )


def _set(by: User, standing: Standing) -> None:
    labels = [
        Label(**_fields(patch), annotator=by, value=state.value, updated_at=_sure(state.at))
        for patch, state in standing.states.items()
        if state.moved and state.value
    ]
    Label.objects.bulk_create(
        labels,
        batch_size=BATCH,
        update_conflicts=True,
        update_fields=["value", "updated_at"],
        unique_fields=["image", "structure", "annotator", "row", "column"],
    )


def _clear(standing: Standing) -> None:
    gone = [
        state.label
        for state in standing.states.values()
        if state.moved and not state.value and state.label is not None
    ]
    _delete(Label.objects.all(), gone)


def _repeat(by: User, standing: Standing) -> None:
    said = {patch: state for patch, state in standing.repeats.items() if state.moved}
    rows = [
        Repeat(
            **_fields(patch),
            annotator=by,
            first=standing.states[patch].value,
            second=state.value,
            at=_sure(state.at),
        )
        for patch, state in said.items()
        if state.value
    ]
    Repeat.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        update_fields=["second", "at"],
        unique_fields=["image", "structure", "row", "column", "annotator"],
    )
    for image, structure, row, column in (patch for patch in said if not said[patch].value):
        own = Repeat.objects.filter(annotator=by, image=image, structure=structure)
        own.filter(row=row, column=column).delete()


def _about(rows: QuerySet[Any], answers: Sequence[Given]) -> QuerySet[Any]:
    """Rows of the batch's patches, and a few around them."""
    return rows.filter(
        image__in={given.image for given in answers},
        structure__in={given.structure for given in answers},
        row__in={given.row for given in answers},
        column__in={given.column for given in answers},
    )


def _patch(key: Sequence[int]) -> Patch:
    image, structure, row, column = key
    return image, structure, row, column


def _sure(at: datetime | None) -> datetime:
    """Answers have a time once they are put in order."""
    assert at is not None
    return at


def _fields(patch: "Patch") -> dict[str, Any]:
    return dict(zip(KEYS, patch, strict=True))


def _delete(rows: QuerySet[Any], keys: Iterable[int]) -> None:
    keys = list(keys)
    for start in range(0, len(keys), BATCH):
        rows.filter(pk__in=keys[start : start + BATCH]).delete()
