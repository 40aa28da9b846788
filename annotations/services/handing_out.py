"""Handing patches to people, so that nobody does what somebody else is doing already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import Dataset, Lease, Role, Structure, User
from annotations.services.access import require_role, required_role, sees_others
from annotations.services.desk import Desk
from annotations.services.expectations import Scores, expectations, guessed
from annotations.services.guessing import keep_guesses_fresh
from annotations.services.holding import hold_grid, hold_handing_out
from annotations.services.patch_choice import Chooser, Mask, Order
from annotations.services.sheets import Positions
from annotations.services.statements import insert
from annotations.services.tallies import Tally, found_tally

MOST_HANDED = 400
# How long a patch is somebody's; asking again with `keep` makes it longer.
LEASE = timedelta(minutes=15)
Cell = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Handed:
    """Patches (image, row, column) with the model's expectation, where it may be seen.

    `kept` are those that were handed out before and stay the person's; `left` is how many patches
    are open for them besides. Where none are left, `held` are those that others have now, until
    `held_until` at the latest, and `share_done` says that the person is asked for no more.
    """

    patches: list[tuple[Cell, float | None]]
    kept: list[Cell]
    expires_at: datetime
    left: int
    held: int = 0
    held_until: datetime | None = None
    share_done: bool = False


def hand_out(
    *,
    by: User,
    dataset: Dataset,
    structure: Structure,
    count: int,
    order: Order = Order.IMAGE,
    keep: Sequence[Cell] | None = None,
    seed: int | None = None,
    image: int | None = None,
    condition: str = "",
) -> Handed:
    """Lend a person up to `count` patches to answer about, for a quarter of an hour.

    No patch is lent to two people, unless the data set's plan wants several answers to it. Among
    them are, unrecognisable, patches of which the answer is known, and, as the plan says, patches
    that the person answered before. With `keep`, those of their patches that are named stay theirs
    and the others are given back. `image` and `condition` narrow down what is handed out.
    """
    role = required_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    sees = sees_others(role, dataset.project)
    if structure.project_id != dataset.project_id:
        raise Rejected("This structure belongs to another project.", field="structure")
    if not 0 <= count <= MOST_HANDED:
        raise Rejected(f"Ask for at most {MOST_HANDED} patches at a time.", field="count")
    now = timezone.now()
    with transaction.atomic():
        hold_grid(dataset=dataset.pk)
        dataset = Dataset.objects.select_related("project", "plan").get(pk=dataset.pk)
        # What can be read without keeping others waiting is read before they have to.
        tally = found_tally(dataset=dataset, structure=structure)
        if order == Order.UNCERTAIN:
            keep_guesses_fresh(dataset=dataset, structure=structure)
        hold_handing_out(structure=structure.pk)
        leases = Lease.objects.filter(structure=structure, image__dataset=dataset)
        kept = _keep(by, leases.filter(expires_at__gt=now), keep, now)
        with tally.followed(dataset, structure):
            within = _within(dataset, tally, image, condition)
            desk = Desk.of(by, dataset, structure, tally, now, within)
            chooser = _chooser(order, seed, dataset, structure, tally)
            chosen = desk.take(chooser, count)
            patches = tally.layout.patches(chosen)
            scores = _shown_scores(sees, dataset, structure, tally, chosen, chooser)
            _lend(by, structure, patches, desk.again(chosen), now)
            handed = Handed(list(zip(patches, scores, strict=True)), kept, now + LEASE, desk.left)
            more = patches and desk.left and desk.quota > len(patches)
            return handed if more else _with_reason(handed, by, desk, leases)


def _with_reason(handed: Handed, by: User, desk: Desk, leases: QuerySet[Lease]) -> Handed:
    """Why there is nothing more for this person."""
    held = desk.held()
    others = leases.exclude(annotator=by).aggregate(until=Max("expires_at")) if held else {}
    share_done = desk.quota <= len(handed.patches) and desk.left > 0
    return replace(handed, held=held, held_until=others.get("until"), share_done=share_done)


def _within(dataset: Dataset, tally: Tally, image: int | None, condition: str) -> Mask | None:
    """(patches,) those of an image or a condition; None where all are meant."""
    if image is None and not condition:
        return None
    images = dataset.images.order_by()
    if image is not None:
        images = images.filter(pk=image)
    if condition:
        images = images.filter(condition=condition)
    wanted = np.isin(tally.layout.images, list(images.values_list("pk", flat=True)))
    return np.repeat(wanted, np.diff(tally.layout.starts))


def give_back(
    *, by: User, dataset: Dataset, structure: Structure, patches: Sequence[Cell] | None = None
) -> int:
    """Return patches that were lent, or all of them; those that are not lent are no error."""
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    mine = Lease.objects.filter(annotator=by, structure=structure, image__dataset=dataset)
    if patches is not None:
        mine = mine.filter(pk__in=_found(mine, patches).values())
    return mine.delete()[0]


def _keep(
    by: User, leases: QuerySet[Lease], keep: Sequence[Cell] | None, now: datetime
) -> list[Cell]:
    if keep is None:
        return []
    mine = leases.filter(annotator=by)
    kept = _found(mine, keep)
    mine.exclude(pk__in=kept.values()).delete()
    mine.filter(pk__in=kept.values()).update(expires_at=now + LEASE)
    return [cell for cell in keep if cell in kept]


def _found(mine: QuerySet[Lease], cells: Sequence[Cell]) -> dict[Cell, int]:
    """Keys of the leases of these patches."""
    wanted = set(cells)
    rows = mine.values_list("image_id", "row", "column", "pk")
    return {
        (image, row, column): pk
        for image, row, column, pk in rows
        if (image, row, column) in wanted
    }


def _chooser(
    order: Order, seed: int | None, dataset: Dataset, structure: Structure, tally: Tally
) -> Chooser:
    rng = np.random.default_rng(seed)
    if order in (Order.IMAGE, Order.RANDOM):
        return Chooser(order, rng)
    scores = expectations(dataset=dataset, structure=structure, layout=tally.layout)
    if order != Order.UNCERTAIN:
        return Chooser(order, rng, scores, scores)
    # What is worth asking the answers know best, without waiting for a training.
    guesses = guessed(dataset=dataset, structure=structure, layout=tally.layout)
    return Chooser(order, rng, np.where(np.isnan(guesses), scores, guesses), scores)


def _shown_scores(
    sees: bool,
    dataset: Dataset,
    structure: Structure,
    tally: Tally,
    chosen: Positions,
    chooser: Chooser,
) -> list[float | None]:
    if not sees:
        return [None] * len(chosen)
    scores: Scores | None = chooser.shown
    if scores is None:
        scores = expectations(dataset=dataset, structure=structure, layout=tally.layout)
    found = scores[chosen].astype(float).round(4).tolist()
    return [None if score != score else score for score in found]


def _lend(
    by: User, structure: Structure, patches: Sequence[Cell], again: Sequence[bool], now: datetime
) -> None:
    if not patches:
        return
    images, lines, columns = zip(*patches, strict=True)
    alike = {"structure_id": structure.pk, "annotator_id": by.pk, "expires_at": now + LEASE}
    places = {"image_id": images, "row": lines, "column": columns, "is_repeat": again}
    insert(Lease, {**places, **{name: [value] * len(patches) for name, value in alike.items()}})
