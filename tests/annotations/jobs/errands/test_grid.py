"""A change of the grid is all or nothing."""

from typing import Any

import pytest

from annotations.jobs.errands import kinds
from annotations.jobs.errands.runner import run_errand
from annotations.models import (
    Dataset,
    Errand,
    FormerGrid,
    FormerLabel,
    Image,
    Label,
    LabelChange,
    Membership,
    Role,
)
from annotations.models.work import HEARTBEAT_LIMIT
from annotations.services.errands import cancel_errand
from annotations.services.telling import Tell
from tests.annotations.jobs.errands.asked import ended, grid

# Errands beat from a thread of their own, which sees only what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_root")]


def _as_it_was(image: Image) -> bool:
    dataset = Dataset.objects.get(pk=image.dataset_id)
    nothing = not (FormerGrid.objects.exists() or FormerLabel.objects.exists())
    return (dataset.patch_size, Label.objects.count(), nothing) == (32, 5, True)


def _stops_after(step: int, monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Let something happen at a step of the change of a grid, just before it is kept."""
    job = kinds.KINDS[Errand.Kind.GRID]

    def watched(errand: Errand, tell: Tell) -> None:
        steps = 0

        def told(share: float, message: str, /) -> None:
            nonlocal steps
            steps += 1
            if steps == step:
                act(errand)
            tell(share, message)

        job(errand, told)

    monkeypatch.setitem(kinds.KINDS, Errand.Kind.GRID, watched)


class _Killed(BaseException):
    """As the end of a process: nothing that follows in it happens."""


def _kill(_: Errand) -> None:
    raise _Killed


def test_a_grid_is_changed_once_however_often_the_task_comes(image: Image) -> None:
    errand = grid(image)
    for _ in range(3):
        assert run_errand(errand.pk)
    done = ended(errand, Errand.State.DONE)
    assert done.report == {"answers": 5, "restored": 0, "carried": 1}
    assert (done.progress, Dataset.objects.get().patch_size) == (1, 64)
    assert list(Label.objects.values_list("row", "column", "value")) == [(0, 0, "no")]
    assert LabelChange.objects.get().patch_size == 64
    assert (FormerGrid.objects.count(), FormerLabel.objects.count()) == (1, 5)


@pytest.mark.parametrize("step", [1, 2])
def test_a_killed_change_leaves_all_as_it_was_and_is_taken_up(
    image: Image, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    errand = grid(image)
    with monkeypatch.context() as patched:
        _stops_after(step, patched, _kill)
        with pytest.raises(_Killed):
            run_errand(errand.pk)
    assert _as_it_was(image)
    errand.refresh_from_db()
    assert errand.state == Errand.State.RUNNING
    # The same task again finds a worker that may live; later it is known to be dead.
    assert run_errand(errand.pk)
    assert _as_it_was(image)
    assert errand.heartbeat_at is not None
    Errand.objects.update(heartbeat_at=errand.heartbeat_at - HEARTBEAT_LIMIT * 2)
    assert run_errand(errand.pk)
    assert ended(errand, Errand.State.DONE).report["answers"] == 5


def test_a_change_that_another_worker_finished_meanwhile_is_undone_by_the_late_one(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand = grid(image)

    def taken_by_another(held: Errand) -> None:
        from uuid import uuid4

        from django.db import connections

        # By another connection, as another worker would.
        own = connections["default"].copy()
        with own.cursor() as cursor:
            cursor.execute(
                "UPDATE annotations_errand SET claim = %s WHERE id = %s", [uuid4(), held.pk]
            )
        own.close()

    _stops_after(2, monkeypatch, taken_by_another)
    assert run_errand(errand.pk)
    assert _as_it_was(image)
    errand.refresh_from_db()
    assert errand.state == Errand.State.RUNNING


def test_a_cancelled_change_leaves_all_as_it_was(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = grid(image)
    cancel_errand(by=waiting.created_by, errand=waiting)
    assert run_errand(waiting.pk)
    ended(waiting, Errand.State.CANCELLED)
    asked = grid(image)
    Errand.objects.filter(pk=asked.pk).update(cancel_requested=True)
    assert run_errand(asked.pk)
    ended(asked, Errand.State.CANCELLED)
    assert _as_it_was(image)


def test_who_may_no_longer_do_it_is_told(image: Image) -> None:
    errand = grid(image)
    Membership.objects.update(role=Role.ANNOTATOR)
    assert run_errand(errand.pk)
    assert "Only managers" in ended(errand, Errand.State.FAILED).error
    assert _as_it_was(image)
