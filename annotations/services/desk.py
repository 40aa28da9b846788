"""What one person may be handed now: open patches, known ones, and some for a second time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

import numpy as np

from annotations.models import Dataset, LabellingPlan, Repeat, Structure, User
from annotations.services.desk_reading import NOWHERE, Facts, there
from annotations.services.patch_choice import Chooser, Mask, mixed_in
from annotations.services.sheets import CODES, Place, Positions, packed
from annotations.services.statements import rows, table, time_of
from annotations.services.tally import Tally

# Nobody is asked again what they have just answered.
REPEAT_AFTER = timedelta(minutes=10)
# Every so many patches one of which the answer is known, while there are any.
KNOWN_EVERY = 10
# Tries, with what was found out in the one before, to find patches that are open indeed.
TRIES = 4


@dataclass
class Desk:
    """The state of a data set's patches of one structure for one person."""

    by: User
    structure: Structure
    tally: Tally
    now: datetime
    plan: LabellingPlan
    free: Mask
    known: Positions
    repeat: Positions
    # How many of them the plan wants to be answered a second time.
    due: int
    quota: int
    dataset: Dataset
    # What this person has neither answered nor in hand.
    untouched: Mask
    # What each of the others has in hand.
    others: list[Positions]
    # What the person has in hand on another page, and has not answered.
    elsewhere: Positions
    moved: Positions = field(default_factory=NOWHERE.copy)
    left: int = 0
    _again: set[int] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        by: User,
        dataset: Dataset,
        structure: Structure,
        tally: Tally,
        facts: Facts,
        now: datetime,
        page: str | None = None,
        within: Mask | None = None,
    ) -> "Desk":
        """`page`: where the person works; `within`: (patches,) hand out none but these."""
        plan = _plan(dataset)
        mine = facts.lent_to(by.pk)
        elsewhere = np.setdiff1d(mine, facts.lent_on(by.pk, page))
        untouched = tally.sheet.of(by.pk) == 0
        elsewhere = elsewhere[untouched[elsewhere]]
        untouched[mine] = False
        untouched[facts.left_out] = False
        if within is not None:
            untouched &= within
        others = facts.others(by.pk)
        free = _open(tally, plan, dataset, others) & untouched
        once, due = _repeatable(plan, by, dataset, structure, tally, mine)
        repeat = np.setdiff1d(_within(within, once), facts.left_out)
        return cls(
            by=by,
            structure=structure,
            tally=tally,
            now=now,
            plan=plan,
            free=free,
            known=facts.known[untouched[facts.known]],
            repeat=repeat,
            due=due,
            quota=_quota(by, facts.shares, tally, len(mine)),
            dataset=dataset,
            untouched=untouched,
            others=others,
            elsewhere=_within(within, elsewhere),
        )

    def held(self) -> int:
        """How many patches could be this person's, if others did not have them now."""
        wanted = _open(self.tally, self.plan, self.dataset, [])
        still = _open(self.tally, self.plan, self.dataset, self.others)
        return int(np.count_nonzero(wanted & self.untouched & ~still))

    def take(self, chooser: Chooser, count: int) -> Positions:
        """Choose up to `count` patches; none that the rows themselves say is not open.

        What the person has on another page comes when nothing else is left: that page may be gone.
        """
        wanted, count = count, min(count, self.quota)
        known = self._answerable(self.known[: ceil(count / KNOWN_EVERY)], everybody=False)
        self.free[self.known] = False
        second = self._second_time(count - len(known), chooser.rng)
        fresh = self._fresh(chooser, count - len(known) - len(second))
        self._again = set(second.tolist())
        chosen = mixed_in(fresh, np.concatenate([known, second]), chooser.rng)
        missing = max(0, wanted - len(chosen))
        self.moved = self._answerable(self.elsewhere[:missing], everybody=False)
        self.left = int(np.count_nonzero(self.free)) + len(self.elsewhere[missing:])
        return np.concatenate([chosen, self.moved])

    def again(self, chosen: Positions) -> list[bool]:
        """Which of them the person answered before."""
        return [position in self._again for position in chosen.tolist()]

    def _fresh(self, chooser: Chooser, count: int) -> Positions:
        taken = [NOWHERE]
        for _ in range(TRIES):
            missing = count - sum(len(part) for part in taken)
            if missing < 1:
                break
            tried = chooser.choose(self.free, missing)
            self.free[tried] = False
            if not len(tried):
                break
            taken.append(self._answerable(tried, everybody=True))
        return np.concatenate(taken)

    def _answerable(self, positions: Positions, *, everybody: bool) -> Positions:
        """Those that the rows say are open; what the tally did not know is put right."""
        answers = answers_at(self.structure, self.tally, positions)
        stale = np.zeros(len(positions), dtype=np.bool_)
        order = np.argsort(positions)
        for position, person, code, _ in answers:
            if self.tally.sheet.of(person)[position] != code:
                self.tally.put(person, position, code)
                place = order[np.searchsorted(positions[order], position)]
                stale[place] |= everybody or person == self.by.pk
        return positions[~stale]

    def _second_time(self, count: int, rng: np.random.Generator) -> Positions:
        # A share of all answers also where hardly anything else is left to ask.
        most = min(self.due, len(self.repeat))
        wanted = min(rng.binomial(max(0, count), self.plan.repeat_fraction), most)
        tried = rng.permutation(self.repeat)[: 2 * wanted]
        before = self.now - REPEAT_AFTER
        rows = answers_at(self.structure, self.tally, tried)
        old = [position for position, person, _, at in rows if person == self.by.pk and at < before]
        return np.array(old[:wanted], dtype=np.int64)


def _plan(dataset: Dataset) -> LabellingPlan:
    """The plan, read with the data set; without one, a patch is asked once."""
    return getattr(dataset, "plan", None) or LabellingPlan(dataset=dataset, answers_wanted=1)


def _open(tally: Tally, plan: LabellingPlan, dataset: Dataset, lent: Iterable[Positions]) -> Mask:
    """(patches,) where another answer is wanted, beyond those that somebody is about to give."""
    missing = tally.wanted(plan).astype(np.int8) - tally.counts.astype(np.int8)
    for positions in lent:
        missing[positions] -= 1
        if plan.adaptive:
            # The answer to come may be enough.
            missing[positions[tally.counts[positions] > 0]] = 0
    free: Mask = missing > 0
    if plan.adaptive:
        free &= ~tally.settled(dataset.project.consensus_probability)
    return free


def _repeatable(
    plan: LabellingPlan,
    by: User,
    dataset: Dataset,
    structure: Structure,
    tally: Tally,
    mine: Positions,
) -> tuple[Positions, int]:
    """What the person answered once, and how much of it the plan wants to hear a second time."""
    if not plan.repeat_fraction:
        return NOWHERE, 0
    once = tally.sheet.of(by.pk) != 0
    answered = int(np.count_nonzero(once))
    done = Repeat.objects.filter(annotator=by, structure=structure, image__dataset=dataset)
    for _, keys in packed(done, "structure_id"):
        once[there(tally, keys)] = False
    once[mine] = False
    again = answered - int(np.count_nonzero(once))
    return np.flatnonzero(once), max(0, round(plan.repeat_fraction * answered) - again)


def _within(mask: Mask | None, positions: Positions) -> Positions:
    return positions if mask is None else positions[mask[positions]]


def _quota(by: User, shares: dict[int, float], tally: Tally, lent: int) -> int:
    """How many patches the person may have besides; without assignments everybody may have all."""
    if not shares:
        return tally.layout.size
    answered = int(np.count_nonzero(tally.sheet.of(by.pk)))
    return max(0, ceil(shares.get(by.pk, 0) * tally.layout.size) - answered - lent)


def answers_at(
    structure: Structure, tally: Tally, positions: Positions
) -> list[tuple[int, int, int, datetime]]:
    """(position, person, code, time) of the answers to these patches, from the rows themselves."""
    if not len(positions):
        return []
    patches = tally.layout.patches(positions)
    places = dict(zip(patches, positions.tolist(), strict=True))
    asked, params = table("asked", ("image_id", "row", "column"), patches)
    found = rows(_AT.format(asked=asked), [*params, structure.pk])
    return [
        (places[Place(image, row, column)], person, CODES[value], time_of(at))
        for image, row, column, person, value, at in found
    ]


_AT = """
WITH {asked}
SELECT l.image_id, l."row", l."column", l.annotator_id, l.value, l.updated_at
FROM asked JOIN annotations_label l ON l.image_id = asked.image_id
AND l."row" = asked."row" AND l."column" = asked."column" AND l.structure_id = %s
"""
