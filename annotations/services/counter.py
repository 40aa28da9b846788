"""The counter at which patches of one structure are handed out, to all who stand there at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from django.db.models import Max

from annotations.models import Dataset, Lease, Structure, User
from annotations.services.desk import Desk
from annotations.services.desk_reading import Facts
from annotations.services.expectations import Expected, expectations, in_turn
from annotations.services.patch_choice import Chooser, Mask, Order
from annotations.services.patch_orders import Floats, uncertainty
from annotations.services.sheets import Positions
from annotations.services.statements import execute, insert, table
from annotations.services.tally import Tally
from annotations.turns import portion

# How long a patch is somebody's; asking again with `keep` makes it longer.
LEASE = timedelta(minutes=15)
Cell = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Handed:
    """Patches (image, row, column) with the model's expectation, where it may be seen.

    `kept` are those that were handed out before and stay the person's; `left` is how many patches
    are open for them besides. Where none are left, `held` are those that others have now, until
    `held_until` at the latest, and `share_done` says that the person is asked for no more.
    `portion` is how many are worth having in hand, where answers change which comes next.
    """

    patches: Sequence[tuple[Cell, float | None]]
    kept: list[Cell]
    expires_at: datetime
    left: int
    held: int = 0
    held_until: datetime | None = None
    share_done: bool = False
    portion: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person asks for; `sees`: they may be shown what a model expects."""

    by: User
    sees: bool
    count: int
    order: Order = Order.IMAGE
    keep: Sequence[Cell] | None = None
    seed: int | None = None
    image: int | None = None
    condition: str = ""
    # Where the person works; what they have on other pages stays theirs.
    page: str | None = None


@dataclass
class Choice:
    """What was chosen for a wish."""

    wish: Wish
    desk: Desk
    chosen: Positions
    kept: list[Cell]
    scores: list[float | None]


@dataclass
class Counter:
    """As it is while nobody else hands out: the answers, what is lent, and all that is known.

    `facts` is kept up to date with what is lent here.
    """

    dataset: Dataset
    structure: Structure
    tally: Tally
    facts: Facts
    now: datetime
    _lent: list[tuple[Wish, Sequence[Cell], list[bool]]] = field(default_factory=list)

    def hand_out(self, wishes: Sequence[Wish]) -> list[Handed]:
        """Something for everybody, in this order; what is given back first is for all."""
        kept = [self._keep(wish) for wish in wishes]
        choices = [self._choose(wish, own) for wish, own in zip(wishes, kept, strict=True)]
        self._lend()
        return [self._told(choice) for choice in choices]

    def _keep(self, wish: Wish) -> list[Cell]:
        """Make the loans longer that are named, and end the others of the page."""
        if wish.keep is None:
            return []
        person, cells_of = wish.by.pk, self.tally.layout.patches
        mine, wanted = self.facts.lent_to(person), set(wish.keep)
        kept = mine[[cell in wanted for cell in cells_of(mine)]]
        ended = np.setdiff1d(self.facts.lent_on(person, wish.page), kept)
        self.facts.end(person, ended)
        self._change(_END, wish.by, cells_of(ended))
        self._keep_on(wish, kept)
        still = set(cells_of(kept))
        return [cell for cell in wish.keep if cell in still]

    def _keep_on(self, wish: Wish, positions: Positions) -> None:
        """What is lent already stays for as long as a loan lasts, on the page that asks."""
        person, page = wish.by.pk, wish.page
        if page is not None:
            self.facts.end(person, positions)
            self.facts.lend((person, page), positions)
        cells = self.tally.layout.patches(positions)
        self._change(_PROLONG, wish.by, cells, self.now + LEASE, page)

    def _change(
        self, sql: str, by: User, cells: Sequence[Cell], *more: datetime | str | None
    ) -> None:
        if cells:
            asked, params = table("asked", ("image_id", "row", "column"), cells)
            execute(sql.format(asked=asked), [*params, *more, self.structure.pk, by.pk])

    def _choose(self, wish: Wish, kept: list[Cell]) -> Choice:
        within = self._within(wish)
        desk = Desk.of(
            wish.by,
            self.dataset,
            self.structure,
            self.tally,
            self.facts,
            self.now,
            wish.page,
            within,
        )
        chosen = desk.take(self._chooser(wish), wish.count)
        self._keep_on(wish, desk.moved)
        new = chosen[~np.isin(chosen, desk.moved)]
        self.facts.lend((wish.by.pk, wish.page or ""), new)
        self._lent.append((wish, self.tally.layout.patches(new), desk.again(new)))
        return Choice(wish, desk, chosen, kept, self._shown(wish, chosen))

    def _lend(self) -> None:
        """Write down all that was chosen."""
        rows = [
            (*cell, again, wish.by.pk, wish.page or "")
            for wish, cells, agains in self._lent
            for cell, again in zip(cells, agains, strict=True)
        ]
        if rows:
            names = ("image_id", "row", "column", "is_repeat", "annotator_id", "page")
            columns = dict(zip(names, zip(*rows, strict=True), strict=True))
            alike = {"structure_id": self.structure.pk, "expires_at": self.now + LEASE}
            insert(Lease, {**columns, **{key: [one] * len(rows) for key, one in alike.items()}})

    def _told(self, choice: Choice) -> Handed:
        desk, until = choice.desk, self.now + LEASE
        patches = self.tally.layout.patches(choice.chosen)
        told = list(zip(patches, choice.scores, strict=True))
        handed = Handed(told, choice.kept, until, desk.left, portion=self._portion(choice.wish))
        more = patches and desk.left and desk.quota > len(patches)
        return handed if more else self._with_reason(handed, choice.wish.by, desk)

    def _portion(self, wish: Wish) -> int | None:
        if wish.order != Order.UNCERTAIN:
            return None
        return portion(int(np.count_nonzero(self.tally.counts)))

    def _with_reason(self, handed: Handed, by: User, desk: Desk) -> Handed:
        """Why there is nothing more for this person."""
        leases = Lease.objects.filter(structure=self.structure, image__dataset=self.dataset)
        held = desk.held()
        others = leases.exclude(annotator=by).aggregate(until=Max("expires_at")) if held else {}
        share_done = desk.quota <= len(handed.patches) and desk.left > 0
        return replace(handed, held=held, held_until=others.get("until"), share_done=share_done)

    def _within(self, wish: Wish) -> Mask | None:
        """(patches,) those of an image or a condition; None where all are meant."""
        if wish.image is None and not wish.condition:
            return None
        images = self.dataset.images.order_by()
        if wish.image is not None:
            images = images.filter(pk=wish.image)
        if wish.condition:
            images = images.filter(condition=wish.condition)
        layout = self.tally.layout
        wanted = np.isin(layout.images, list(images.values_list("pk", flat=True)))
        return np.repeat(wanted, np.diff(layout.starts))

    def _chooser(self, wish: Wish) -> Chooser:
        rng = np.random.default_rng(wish.seed)
        if wish.order in (Order.IMAGE, Order.RANDOM):
            return Chooser(wish.order, rng)
        if wish.order == Order.UNCERTAIN:
            return Chooser(wish.order, rng, self._in_turn)
        return Chooser(wish.order, rng, uncertainty(self._scores, least_certain_first=False))

    @cached_property
    def _expected(self) -> Expected:
        layout = self.tally.layout
        return expectations(dataset=self.dataset, structure=self.structure, layout=layout)

    @cached_property
    def _scores(self) -> Floats:
        return self._expected.astype(np.float32)

    @cached_property
    def _in_turn(self) -> Floats:
        layout, scores = self.tally.layout, self._scores
        return in_turn(dataset=self.dataset, structure=self.structure, layout=layout, scores=scores)

    def _shown(self, wish: Wish, chosen: Positions) -> list[float | None]:
        if not wish.sees:
            return [None] * len(chosen)
        found = self._expected[chosen].astype(float).round(4).tolist()
        return [None if score != score else score for score in found]


_END = """
WITH {asked} DELETE FROM annotations_lease
WHERE structure_id = %s AND annotator_id = %s
AND (image_id, "row", "column") IN (SELECT image_id, "row", "column" FROM asked)
"""
_PROLONG = """
WITH {asked} UPDATE annotations_lease SET expires_at = %s, page = COALESCE(%s, page)
WHERE structure_id = %s AND annotator_id = %s
AND (image_id, "row", "column") IN (SELECT image_id, "row", "column" FROM asked)
"""
