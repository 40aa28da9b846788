"""From answers to rows: what stands for each patch, the history, and what was said twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from annotations.models import Label, LabelChange, Lease, Remark, Repeat, User
from annotations.services.answers.given import Given, GridNamed, Patch
from annotations.services.answers.reading import KEYS, Found, found_about
from annotations.services.statements import delete, insert

# SQLite takes a few thousand values in one statement.
BATCH = 2000


@dataclass
class _State:
    """What a person says about one patch, and since when."""

    value: str = ""
    at: datetime | None = None
    label: int | None = None
    moved: bool = False
    # What was said last had been said before: no change, so the history has nothing of it.
    again: bool = False


@dataclass
class _Second:
    """What a person says when asked again, beside what stood then."""

    first: str
    value: str
    at: datetime | None


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
    # Patches handed to the person for the second time, with the lease of each.
    repeatable: dict[Patch, int] = field(default_factory=dict)
    repeats: dict[Patch, _Second] = field(default_factory=dict)
    # Patches about which the person has a second answer, and since when.
    answered_again: dict[Patch, datetime] = field(default_factory=dict)
    leases: dict[Patch, int] = field(default_factory=dict)
    # Asked of the person to look again; an answer does that.
    remarks: list[tuple[Patch, int]] = field(default_factory=list)
    taken: list[_Taken] = field(default_factory=list)
    changed: int = 0
    superseded: int = 0

    @classmethod
    def read(cls, by: User, answers: Sequence[Given], now: datetime) -> "Standing":
        standing = cls()
        for row in found_about(by, answers):
            standing._note(row, now)
        return standing

    def _note(self, row: Found, now: datetime) -> None:
        """One thing that the database holds about the person and a patch of the batch."""
        patch = row.patch
        if row.what == "label":
            self.states[patch] = _State(row.value, row.at, row.pk)
        elif row.what == "cleared":
            if patch not in self.states or self.states[patch].label is None:
                self.states[patch] = _State("", row.at)
        elif row.what == "lease":
            self.leases[patch] = row.pk
        elif row.what == "remark":
            self.remarks.append((patch, row.pk))
        elif row.what == "second":
            self.answered_again[patch] = _sure(row.at)
        elif row.at is not None and row.at > now and patch in self.states:
            # Kept until its time is up, so that a second thought is about the repeat as well.
            self.repeatable[patch] = row.pk

    def take(self, given: Given) -> None:
        """Let one answer count; they come in the order of their times."""
        if given.handed is not False and self._is_second(given):
            self._take_repeat(given)
            return
        state = self.states.setdefault(given.patch, _State())
        late = state.at is not None and given.at is not None and given.at < state.at
        if late or state.value != given.value:
            self.taken.append(_Taken(given, state.value, applied=not late))
        if late:
            self.superseded += 1
            return
        state.again = state.value == given.value
        self.changed += not state.again
        state.value, state.at, state.moved = given.value, given.at, True
        if not given.value and given.patch in self.repeatable:
            # Nothing is left that could be said a second time.
            self.leases[given.patch] = self.repeatable.pop(given.patch)

    def _is_second(self, given: Given) -> bool:
        """Whether it is about what was said when asked again; who was handed the patch may have
        second thoughts about that also after it was given back."""
        if given.patch in self.repeatable:
            return True
        state = self.states.get(given.patch)
        first = state is not None and state.value
        return bool(first and given.handed is True and given.patch in self.answered_again)

    def _take_repeat(self, given: Given) -> None:
        """A second answer stands beside the first one and changes nothing."""
        first = self.states[given.patch].value if given.patch in self.states else ""
        self.taken.append(_Taken(given, first, applied=False))
        at, before = _sure(given.at), self.answered_again.pop(given.patch, None)
        if before is not None and at < before:
            self.answered_again[given.patch] = before
            self.superseded += 1
            return
        if given.value:
            self.answered_again[given.patch] = at
        self.repeats[given.patch] = _Second(first, given.value, given.at)


def write(by: User, grid: GridNamed, standing: Standing) -> None:
    """History, answers, second answers; and what was handed out and is answered goes."""
    _remember(by, grid, standing.taken)
    _set(by, standing)
    _clear(standing)
    _repeat(by, standing)
    answered = {taken.given.patch for taken in standing.taken} | {
        patch for patch, state in standing.states.items() if state.moved
    }
    delete(Lease, [pk for patch, pk in standing.leases.items() if patch in answered])
    done = [pk for patch, pk in standing.remarks if patch in answered]
    if done:
        Remark.objects.filter(pk__in=done).update(done_at=timezone.now())


def _remember(by: User, grid: GridNamed, taken: Sequence[_Taken]) -> None:
    given = [one.given for one in taken]
    if not given:
        return
    alike = {"annotator_id": by.pk, "patch_size": grid.patch_size, "overlap": grid.overlap}
    columns = {
        **_columns([one.patch for one in given]),
        **{name: [value] * len(given) for name, value in alike.items()},
        "old": [one.old for one in taken],
        "new": [one.value for one in given],
        "at": [_sure(one.at) for one in given],
        "event": [one.event for one in given],
        "took_ms": [one.took_ms for one in given],
        "suggested": [one.suggested for one in given],
        "applied": [one.applied for one in taken],
    }
    insert(LabelChange, columns)


def _set(by: User, standing: Standing) -> None:
    moved = {
        patch: state for patch, state in standing.states.items() if state.moved and state.value
    }
    if not moved:
        return
    columns = {
        **_columns(list(moved)),
        "annotator_id": [by.pk] * len(moved),
        "value": [state.value for state in moved.values()],
        "updated_at": [_sure(state.at) for state in moved.values()],
    }
    # Those who follow history and answers find the new row.
    again = (state.label for state in moved.values() if state.again)
    delete(Label, [label for label in again if label is not None])
    insert(Label, columns, _INSTEAD)


# A person has one answer about a patch; the columns are those of one_answer_per_patch_and_person.
_INSTEAD = (
    'ON CONFLICT (image_id, structure_id, annotator_id, "row", "column") '
    "DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at"
)


def _clear(standing: Standing) -> None:
    gone = [
        state.label
        for state in standing.states.values()
        if state.moved and not state.value and state.label is not None
    ]
    delete(Label, gone)


def _repeat(by: User, standing: Standing) -> None:
    said = standing.repeats
    rows = [
        Repeat(
            **_fields(patch),
            annotator=by,
            first=second.first,
            second=second.value,
            at=_sure(second.at),
        )
        for patch, second in said.items()
        if second.value
    ]
    Repeat.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        update_fields=["first", "second", "at"],
        unique_fields=["image", "structure", "row", "column", "annotator"],
    )
    for image, structure, row, column in (patch for patch in said if not said[patch].value):
        own = Repeat.objects.filter(annotator=by, image=image, structure=structure)
        own.filter(row=row, column=column).delete()


def _sure(at: datetime | None) -> datetime:
    """Answers have a time once they are put in order."""
    assert at is not None
    return at


def _fields(patch: "Patch") -> dict[str, Any]:
    return dict(zip(KEYS, patch, strict=True))


def _columns(patches: Sequence[Patch]) -> dict[str, Sequence[int]]:
    return dict(zip(KEYS, zip(*patches, strict=True), strict=True))
