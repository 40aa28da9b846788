"""One errand from claim to end: done once, all or nothing, and no file is left behind."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotations import stopping
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
    Reference,
    Role,
)
from annotations.models.label import Answer
from annotations.models.work import HEARTBEAT_LIMIT
from annotations.services.empty import find_empty, known_empty
from annotations.services.errands import cancel_errand, dismiss_errand, take_errand
from annotations.services.telling import Tell
from tests.factories import make_dataset, make_errand, make_image, make_label, make_structure

# Errands beat from a thread of their own, which sees only what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_root")]
GRID = {"patch_size": 64, "overlap": 0, "transfer": True}
HEAD = "image,row,column,structure,value\n"


@pytest.fixture
def image() -> Image:
    """64 x 96 px on patches of 32 px, all but one answered with no."""
    dataset = make_dataset(patch_size=32)
    image = make_image(dataset=dataset, name="slide 1.tif", height=64, width=96)
    structure = make_structure(project=dataset.project, name="Disc")
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1), (0, 2)):
        make_label(
            image=image,
            structure=structure,
            annotator=dataset.created_by,
            row=row,
            column=column,
            value=Answer.NO,
        )
    return image


def _grid(image: Image, **params: Any) -> Errand:
    return make_errand(dataset=image.dataset, kind=Errand.Kind.GRID, params=GRID | params)


def _table(image: Image, lines: str, **params: Any) -> Errand:
    return make_errand(
        dataset=image.dataset,
        kind=Errand.Kind.TABLE,
        name="labels.csv",
        params={"annotators": False, "dry_run": False} | params,
        content=(HEAD + lines).encode(),
    )


def _mask(image: Image, **params: Any) -> Errand:
    outline = {"type": "Polygon", "coordinates": [[[0, 0], [40, 0], [40, 8], [0, 8], [0, 0]]]}
    structure = image.dataset.project.structures.get().pk
    given = {"structure": structure, "answers": True, "reference": True, "dry_run": False}
    return make_errand(
        dataset=image.dataset,
        kind=Errand.Kind.MASK,
        name="slide 1.geojson",
        params=given | params,
        content=json.dumps(outline).encode(),
    )


def _ended(errand: Errand, state: Errand.State) -> Errand:
    errand.refresh_from_db()
    assert (errand.state, errand.error if state != Errand.State.FAILED else "") == (state, "")
    assert errand.finished_at is not None
    return errand


def _as_it_was(image: Image) -> bool:
    dataset = Dataset.objects.get(pk=image.dataset_id)
    nothing = not (FormerGrid.objects.exists() or FormerLabel.objects.exists())
    return (dataset.patch_size, Label.objects.count(), nothing) == (32, 5, True)


def test_a_grid_is_changed_once_however_often_the_task_comes(image: Image) -> None:
    errand = _grid(image)
    for _ in range(3):
        assert run_errand(errand.pk)
    done = _ended(errand, Errand.State.DONE)
    assert done.report == {"answers": 5, "restored": 0, "carried": 1}
    assert (done.progress, Dataset.objects.get().patch_size) == (1, 64)
    assert list(Label.objects.values_list("row", "column", "value")) == [(0, 0, "no")]
    assert LabelChange.objects.get().patch_size == 64
    assert (FormerGrid.objects.count(), FormerLabel.objects.count()) == (1, 5)


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


@pytest.mark.parametrize("step", [1, 2])
def test_a_killed_change_leaves_all_as_it_was_and_is_taken_up(
    image: Image, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    errand = _grid(image)
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
    assert _ended(errand, Errand.State.DONE).report["answers"] == 5


def test_a_change_that_another_worker_finished_meanwhile_is_undone_by_the_late_one(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand = _grid(image)

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
    waiting = _grid(image)
    cancel_errand(by=waiting.created_by, errand=waiting)
    assert run_errand(waiting.pk)
    _ended(waiting, Errand.State.CANCELLED)
    asked = _grid(image)
    Errand.objects.filter(pk=asked.pk).update(cancel_requested=True)
    assert run_errand(asked.pk)
    _ended(asked, Errand.State.CANCELLED)
    assert _as_it_was(image)


def test_a_worker_that_is_to_end_gives_its_errand_back(image: Image) -> None:
    errand = _table(image, "slide 1.tif,1,2,Disc,yes\n")
    stopping.shutdown.set()
    assert run_errand(errand.pk)
    errand.refresh_from_db()
    assert (errand.state, errand.message) == (Errand.State.QUEUED, "Waiting for a worker")
    assert errand.path.exists()
    stopping.shutdown.clear()
    assert run_errand(errand.pk)
    _ended(errand, Errand.State.DONE)
    assert not errand.path.exists()


def test_who_may_no_longer_do_it_is_told(image: Image) -> None:
    errand = _grid(image)
    Membership.objects.update(role=Role.ANNOTATOR)
    assert run_errand(errand.pk)
    assert "Only managers" in _ended(errand, Errand.State.FAILED).error
    assert _as_it_was(image)


def test_a_table_waits_while_the_grid_changes(image: Image) -> None:
    errand = _table(image, "slide 1.tif,1,2,Disc,yes\n")
    change = make_errand(dataset=image.dataset, kind=Errand.Kind.GRID, state=Errand.State.RUNNING)
    assert not run_errand(errand.pk)
    errand.refresh_from_db()
    assert (errand.state, errand.message) == (
        Errand.State.QUEUED,
        "Waiting for the change of the grid",
    )
    assert errand.path.exists()
    change.delete()
    assert run_errand(errand.pk)
    assert _ended(errand, Errand.State.DONE).report["changed"] == 1


def test_a_table_is_looked_at_and_then_taken_in_without_being_sent_again(image: Image) -> None:
    errand = _table(image, "slide 1.tif,1,2,Disc,yes\nslide 9.tif,0,0,Disc,no\n", dry_run=True)
    assert run_errand(errand.pk)
    looked = _ended(errand, Errand.State.DONE)
    assert (looked.report["answers"], looked.report["refused"]) == (1, 1)
    assert Label.objects.count() == 5
    assert looked.path.exists()
    taken = take_errand(by=looked.created_by, errand=looked)
    assert taken.state == Errand.State.QUEUED
    for _ in range(2):
        assert run_errand(errand.pk)
    done = _ended(errand, Errand.State.DONE)
    assert (done.report["changed"], Label.objects.count()) == (1, 6)
    assert not done.path.exists()


def test_a_mask_becomes_answers_and_a_reference_once(image: Image) -> None:
    errand = _mask(image)
    for _ in range(2):
        assert run_errand(errand.pk)
    report = _ended(errand, Errand.State.DONE).report
    assert (report["objects"], report["yes"], report["no"]) == (1, 2, 4)
    assert Label.objects.filter(value="yes").count() == 2
    assert Reference.objects.get().folder.is_dir()
    assert len(list((image.folder / "references").iterdir())) == 1
    assert not errand.path.exists()


def test_a_file_that_cannot_be_read_fails_with_its_name_and_goes(image: Image) -> None:
    errand = _mask(image)
    errand.path.write_bytes(b"nothing of use")
    assert run_errand(errand.pk)
    assert "slide 1.geojson" in _ended(errand, Errand.State.FAILED).error
    assert not errand.path.exists()


def test_a_file_that_is_gone_fails_without_a_path_of_the_server(
    image: Image, data_root: Path
) -> None:
    errand = _table(image, "")
    errand.path.unlink()
    assert run_errand(errand.pk)
    error = _ended(errand, Errand.State.FAILED).error
    assert "No such file" in error
    assert str(data_root) not in error


def test_what_is_dismissed_leaves_no_file(image: Image) -> None:
    looked = _table(image, "", dry_run=True)
    assert run_errand(looked.pk)
    looked.refresh_from_db()
    dismiss_errand(by=looked.created_by, errand=looked)
    assert not looked.path.exists()
    waiting = _table(image, "")
    cancel_errand(by=waiting.created_by, errand=waiting)
    assert not waiting.path.exists()


def test_empty_patches_of_all_images_are_found_and_problems_are_named(image: Image) -> None:
    whole = make_image(dataset=image.dataset, height=256, width=256, store=True)
    # The first has no store, and the last is gone by now.
    params = {"images": [image.pk, whole.pk, 10**9]}
    errand = make_errand(dataset=image.dataset, params=params)
    assert run_errand(errand.pk)
    report = _ended(errand, Errand.State.DONE).report
    found = known_empty(image=whole)
    assert found is not None
    assert (report["patches"], report["empty"]) == (64, int(found.sum()))
    assert len(report["problems"]) == 1
    assert "slide 1.tif" in report["problems"][0]
    assert (find_empty(image=whole) == found).all()
