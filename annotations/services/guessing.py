"""Guesses from the answers alone, renewed while somebody asks for what is least certain."""

import time
from threading import Lock

from django.db import transaction
from django.db.models import Max

from annotations.models import Dataset, LabelChange, PatchGuesses, Structure
from annotations.services.queueing import enqueue
from annotations.tasks import renew_guesses

# So many changes of answers make guesses worth renewing; the first are made of the first answer.
RENEW_AFTER = 8
# Seconds in which one process asks a worker once at most.
ASK_EVERY = 3.0

_asked: dict[tuple[int, int], float] = {}
_guard = Lock()


def keep_guesses_fresh(*, dataset: Dataset, structure: Structure) -> None:
    """Ask a worker for new guesses where answers have come since. Two queries."""
    rows = PatchGuesses.objects.filter(structure=structure, image__dataset=dataset)
    until = rows.order_by().aggregate(until=Max("known_until"))["until"]
    wanted = 1 if until is None else RENEW_AFTER
    changes = LabelChange.objects.filter(
        pk__gt=until or 0, structure=structure, image__dataset=dataset
    )
    if len(changes.order_by().values_list("pk")[:wanted]) == wanted and _may_ask(
        (dataset.pk, structure.pk)
    ):
        transaction.on_commit(lambda: enqueue(renew_guesses, dataset.pk, structure.pk))


def _may_ask(key: tuple[int, int]) -> bool:
    now = time.monotonic()
    with _guard:
        if now - _asked.get(key, float("-inf")) < ASK_EVERY:
            return False
        _asked[key] = now
    return True
