"""Guesses from the answers alone, renewed while somebody asks for what is least certain."""

import time
from threading import Lock

from django.db import transaction
from django.db.models import F, Subquery
from django.db.models.functions import Coalesce

from annotations.models import Dataset, LabelChange, PatchGuesses, Structure
from annotations.services.queueing import RENEW_GUESSES, enqueue

# So many changes of answers make guesses worth renewing; the first are made of the first answer.
RENEW_AFTER = 8
# Seconds in which one process asks a worker once at most.
ASK_EVERY = 3.0

_asked: dict[tuple[int, int], float] = {}
_guard = Lock()


def keep_guesses_fresh(*, dataset: Dataset, structure: Structure) -> None:
    """Ask a worker for new guesses where answers have come since. One query."""
    rows = PatchGuesses.objects.filter(structure=structure, image__dataset=dataset)
    newest = rows.order_by("-known_until").values("known_until")[:1]
    changes = LabelChange.objects.filter(structure=structure, image__dataset=dataset)
    known_until = changes.order_by().annotate(until=Coalesce(Subquery(newest), 0))
    since = known_until.filter(pk__gt=F("until")).values_list("until", flat=True)[:RENEW_AFTER]
    # 0: nothing was guessed yet.
    worth_it = len(since) == RENEW_AFTER or 0 in since
    if worth_it and _may_ask((dataset.pk, structure.pk)):
        transaction.on_commit(lambda: enqueue(RENEW_GUESSES, dataset.pk, structure.pk))


def _may_ask(key: tuple[int, int]) -> bool:
    now = time.monotonic()
    with _guard:
        if now - _asked.get(key, float("-inf")) < ASK_EVERY:
            return False
        _asked[key] = now
    return True
