"""Handing patches to people, so that nobody does what somebody else is doing already."""

from collections.abc import Sequence
from functools import partial
from threading import Lock
from weakref import WeakValueDictionary

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.errors import Rejected
from annotations.models import Dataset, Lease, Role, Structure, User
from annotations.services.access import require_role, required_role, sees_others
from annotations.services.counter import LEASE, Cell, Counter, Handed, Wish
from annotations.services.desk_reading import read_facts
from annotations.services.guessing import keep_guesses_fresh
from annotations.services.holding import hold_grid, hold_handing_out
from annotations.services.patch_choice import Order
from annotations.services.tallies import followed, found_tally
from annotations.services.together import Together

MOST_HANDED = 400

__all__ = ["LEASE", "MOST_HANDED", "Cell", "Handed", "give_back", "hand_out"]

# Those who ask in this process for patches of one data set and structure.
_queues: WeakValueDictionary[tuple[int, int], Together[Wish, Handed]] = WeakValueDictionary()
_guard = Lock()


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
    page: str | None = None,
) -> Handed:
    """Lend a person up to `count` patches to answer about, for a quarter of an hour.

    No patch is lent to two people, unless the data set's plan wants several answers to it. Among
    them are, unrecognisable, patches of which the answer is known, and, as the plan says, patches
    that the person answered before. With `keep`, those of their patches that are named stay theirs
    and the others are given back: of `page` alone, where that is named, since a person may work on
    several. `image` and `condition` narrow down what is handed out.
    """
    role = required_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    sees = sees_others(role, dataset.project)
    if structure.project_id != dataset.project_id:
        raise Rejected("This structure belongs to another project.", field="structure")
    if not 0 <= count <= MOST_HANDED:
        raise Rejected(f"Ask for at most {MOST_HANDED} patches at a time.", field="count")
    wish = Wish(by, sees, count, order, keep, seed, image, condition, page)
    return _queue(dataset, structure).ask(wish)


def _queue(dataset: Dataset, structure: Structure) -> Together[Wish, Handed]:
    """Those who wait for each other here need not do so, one by one, at the database."""
    key = dataset.pk, structure.pk
    with _guard:
        queue = _queues.get(key)
        if queue is None:
            queue = _queues[key] = Together(partial(_serve, dataset.pk, structure))
        return queue


def _serve(key: int, structure: Structure, wishes: Sequence[Wish]) -> list[Handed]:
    """Hand out to several people in one transaction, while nobody else does."""
    now = timezone.now()
    with transaction.atomic():
        hold_grid(dataset=key)
        dataset = _with_plan(key, structure)
        # What can be read without keeping others waiting is read before they have to.
        tally = found_tally(dataset=dataset, structure=structure)
        if any(wish.order == Order.UNCERTAIN for wish in wishes):
            keep_guesses_fresh(dataset=dataset, structure=structure)
        hold_handing_out(structure=structure.pk)
        with followed(dataset, structure, tally):
            facts = read_facts(dataset, structure, tally, now)
            return Counter(dataset, structure, tally, facts, now).hand_out(wishes)


def _with_plan(key: int, structure: Structure) -> Dataset:
    """The data set, held by `hold_grid`: while somebody waited for that, it may have gone."""
    named = Dataset.objects.filter(pk=key, project__structures=structure.pk)
    dataset = named.select_related("project", "plan").first()
    if dataset is None:
        raise Rejected("The structure or the data set has been deleted. Load the page again.")
    return dataset


def give_back(
    *,
    by: User,
    dataset: Dataset,
    structure: Structure,
    patches: Sequence[Cell] | None = None,
    page: str | None = None,
) -> int:
    """Return patches that were lent, or all of them; those that are not lent are no error.

    `page`: those alone that were lent there, so that a page that is left gives nothing back that
    another one was handed.
    """
    require_role(user=by, project=dataset.project, role=Role.ANNOTATOR)
    with transaction.atomic():
        # What is being lent at this moment to a page that is left goes back, too.
        hold_handing_out(structure=structure.pk)
        return _mine(by, dataset, structure, patches, page).delete()[0]


def _mine(
    by: User,
    dataset: Dataset,
    structure: Structure,
    patches: Sequence[Cell] | None,
    page: str | None,
) -> QuerySet[Lease]:
    mine = Lease.objects.filter(annotator=by, structure=structure, image__dataset=dataset)
    if page is not None:
        mine = mine.filter(page=page)
    if patches is not None:
        mine = mine.filter(pk__in=_found(mine, patches).values())
    return mine


def _found(mine: QuerySet[Lease], cells: Sequence[Cell]) -> dict[Cell, int]:
    """Keys of the leases of these patches."""
    wanted = set(cells)
    rows = mine.values_list("image_id", "row", "column", "pk")
    return {
        (image, row, column): pk
        for image, row, column, pk in rows
        if (image, row, column) in wanted
    }
