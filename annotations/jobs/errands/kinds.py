"""What is done for each kind of errand; each settles in the transaction that changes rows."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from annotations.errors import Rejected
from annotations.jobs.errands.settling import settle
from annotations.models import Errand, Image, Structure
from annotations.services.clearing import clear_empties, take_back
from annotations.services.empty import find_empty
from annotations.services.existing.masks import take_mask
from annotations.services.existing.tables import take_table
from annotations.services.grids import change_grid, plan_grid
from annotations.services.telling import Tell

# Every so often is enough for a list that only says what could not be looked at.
MAX_PROBLEMS = 100


def _change_grid(errand: Errand, tell: Tell) -> None:
    # The whole change is one transaction: a worker that is killed leaves everything as it was.
    with transaction.atomic():
        done = change_grid(**_asked(errand), **errand.params, tell=tell)
        tell(0.99, "Keeping all of it")
        settle(errand, asdict(done))


def _plan_grid(errand: Errand, tell: Tell) -> None:
    settle(errand, asdict(plan_grid(**_asked(errand), **errand.params, tell=tell)))


def _find_empties(errand: Errand, tell: Tell) -> None:
    """Image by image; each is kept by itself, so that a second worker goes on from there."""
    keys: list[int] = errand.params["images"]
    empty = patches = 0
    problems: list[str] = []
    for number, key in enumerate(keys):
        image = Image.objects.select_related("dataset").filter(pk=key).first()
        if image is None:
            continue
        tell(number / len(keys), f"Looking at {image.name}")
        part = _part_of(tell, number, len(keys), image.name)
        try:
            found = find_empty(image=image, tell=part)
        except (Rejected, OSError) as problem:
            problems.append(f"{image.name}: {problem}")
            continue
        empty, patches = empty + int(found.sum()), patches + found.size
    if problems and len(problems) == len(keys):
        raise Rejected(problems[0])
    report = {"images": len(keys) - len(problems), "patches": patches, "empty": empty}
    settle(errand, report | {"problems": problems[:MAX_PROBLEMS]})


def _part_of(tell: Tell, number: int, count: int, name: str) -> Tell:
    return lambda share, _: tell((number + share) / count, f"Looking at {name}")


def _clear(errand: Errand, tell: Tell) -> None:
    """Some patches at a time; what a worker that died has done by then is not done again."""
    params = dict(errand.params)
    params["at"] = datetime.fromisoformat(params["at"])
    if params["structure"] is not None:
        params["structure"] = _structure(errand)
    work = take_back if params.pop("undo") else clear_empties
    settle(errand, asdict(work(**_asked(errand), **params, tell=tell)))


def _structure(errand: Errand) -> Structure:
    structure = Structure.objects.filter(pk=errand.params["structure"]).first()
    if structure is None:
        raise Rejected("The structure has been deleted meanwhile.", field="structure")
    return structure


def _take_table(errand: Errand, tell: Tell) -> None:
    with transaction.atomic(), errand.path.open("rb") as file:
        taken = take_table(**_asked(errand), **errand.params, file=file, tell=tell)
        settle(errand, asdict(taken))


def _take_mask(errand: Errand, tell: Tell) -> None:
    given = errand.params | {"structure": _structure(errand)}
    given |= {"name": errand.name, "path": errand.path}
    with transaction.atomic():
        taken = take_mask(**_asked(errand), **given, tell=tell)
        settle(errand, asdict(taken))


def _asked(errand: Errand) -> dict[str, Any]:
    return {"by": errand.created_by, "dataset": errand.dataset}


KINDS: dict[str, Callable[[Errand, Tell], None]] = {
    Errand.Kind.GRID: _change_grid,
    Errand.Kind.GRID_PLAN: _plan_grid,
    Errand.Kind.EMPTIES: _find_empties,
    Errand.Kind.CLEARING: _clear,
    Errand.Kind.TABLE: _take_table,
    Errand.Kind.MASK: _take_mask,
}
