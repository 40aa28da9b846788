"""Guesses from the answers alone, renewed while somebody asks for what is least certain."""

import time
from threading import Lock

from django.db import transaction
from django.db.models import Max

from annotations.models import Dataset, LabelChange, PatchGuesses, Structure
from annotations.services.queueing import RENEW_GUESSES, enqueue
from annotations.turns import RENEW_AFTER

# Seconds in which one process asks a worker once at most.
ASK_EVERY = 3.0

_asked: dict[tuple[int, int], float] = {}
_guard = Lock()


def keep_guesses_fresh(*, dataset: Dataset, structure: Structure) -> None:
    """Ask a worker for new guesses and turns where none are or answers have come. Two queries."""
    if _worth_it(dataset, structure) and _may_ask((dataset.pk, structure.pk)):
        transaction.on_commit(lambda: enqueue(RENEW_GUESSES, dataset.pk, structure.pk))


def known_until(*, dataset: Dataset, structure: Structure) -> int | None:
    """The newest change of an answer that the guesses know; None where there are no guesses."""
    kept = PatchGuesses.objects.filter(structure=structure, image__dataset=dataset)
    until: int | None = kept.aggregate(until=Max("known_until"))["until"]
    return until


def _worth_it(dataset: Dataset, structure: Structure) -> bool:
    until = known_until(dataset=dataset, structure=structure)
    if until is None:
        return True
    changes = LabelChange.objects.filter(structure=structure, image__dataset=dataset)
    # In no order: the first that are found are enough.
    since = changes.order_by().filter(pk__gt=until).values_list("pk", flat=True)
    return len(since[:RENEW_AFTER]) == RENEW_AFTER


def _may_ask(key: tuple[int, int]) -> bool:
    now = time.monotonic()
    with _guard:
        if now - _asked.get(key, float("-inf")) < ASK_EVERY:
            return False
        _asked[key] = now
    return True
