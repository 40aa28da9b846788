"""Guesses from the answers alone, renewed while somebody asks for what is least certain."""

import time
from threading import Lock

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from annotations.models import Dataset, LabelChange, PatchGuesses, Structure
from annotations.services.queueing import RENEW_GUESSES, enqueue
from annotations.turns import RENEW_AFTER

# Seconds in which one process asks a worker once at most.
ASK_EVERY = 3.0

_asked: dict[tuple[int, int], float] = {}
_guard = Lock()


def keep_guesses_fresh(*, dataset: Dataset, structure: Structure) -> None:
    """Ask a worker for new guesses and turns where none are or answers have come. One query."""
    rows = PatchGuesses.objects.filter(structure=structure, image__dataset=dataset)
    newest = rows.order_by("-known_until").values("known_until")[:1]
    changes = LabelChange.objects.filter(
        structure=structure, image__dataset=dataset, pk__gt=Coalesce(OuterRef("until"), 0)
    )
    last = changes.order_by("pk").values("pk")[RENEW_AFTER - 1 : RENEW_AFTER]
    asked = Structure.objects.filter(pk=structure.pk).annotate(until=Subquery(newest))
    until, enough = asked.annotate(enough=Subquery(last)).values_list("until", "enough").get()
    worth_it = until is None or enough is not None
    if worth_it and _may_ask((dataset.pk, structure.pk)):
        transaction.on_commit(lambda: enqueue(RENEW_GUESSES, dataset.pk, structure.pk))


def _may_ask(key: tuple[int, int]) -> bool:
    now = time.monotonic()
    with _guard:
        if now - _asked.get(key, float("-inf")) < ASK_EVERY:
            return False
        _asked[key] = now
    return True
