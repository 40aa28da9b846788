"""Tables and masks, and the files they came in."""

from pathlib import Path

import pytest

from annotations import stopping
from annotations.jobs.errands.runner import run_errand
from annotations.models import Errand, Image, Label, Reference
from annotations.services.errands import cancel_errand, dismiss_errand, take_errand
from tests.annotations.jobs.errands.asked import ended, mask, table
from tests.factories import make_errand

# Errands beat from a thread of their own, which sees only what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_root")]


def test_a_worker_that_is_to_end_gives_its_errand_back(image: Image) -> None:
    errand = table(image, "slide 1.tif,1,2,Disc,yes\n")
    stopping.shutdown.set()
    assert run_errand(errand.pk)
    errand.refresh_from_db()
    assert (errand.state, errand.message) == (Errand.State.QUEUED, "Waiting for a worker")
    assert errand.path.exists()
    stopping.shutdown.clear()
    assert run_errand(errand.pk)
    ended(errand, Errand.State.DONE)
    assert not errand.path.exists()


def test_a_table_waits_while_the_grid_changes(image: Image) -> None:
    errand = table(image, "slide 1.tif,1,2,Disc,yes\n")
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
    assert ended(errand, Errand.State.DONE).report["changed"] == 1


def test_a_table_is_looked_at_and_then_taken_in_without_being_sent_again(image: Image) -> None:
    errand = table(image, "slide 1.tif,1,2,Disc,yes\nslide 9.tif,0,0,Disc,no\n", dry_run=True)
    assert run_errand(errand.pk)
    looked = ended(errand, Errand.State.DONE)
    assert (looked.report["answers"], looked.report["refused"]) == (1, 1)
    assert Label.objects.count() == 5
    assert looked.path.exists()
    taken = take_errand(by=looked.created_by, errand=looked)
    assert taken.state == Errand.State.QUEUED
    for _ in range(2):
        assert run_errand(errand.pk)
    done = ended(errand, Errand.State.DONE)
    assert (done.report["changed"], Label.objects.count()) == (1, 6)
    assert not done.path.exists()


def test_a_mask_becomes_answers_and_a_reference_once(image: Image) -> None:
    errand = mask(image)
    for _ in range(2):
        assert run_errand(errand.pk)
    report = ended(errand, Errand.State.DONE).report
    assert (report["objects"], report["yes"], report["no"]) == (1, 2, 4)
    assert Label.objects.filter(value="yes").count() == 2
    assert Reference.objects.get().folder.is_dir()
    assert len(list((image.folder / "references").iterdir())) == 1
    assert not errand.path.exists()


def test_a_file_that_cannot_be_read_fails_with_its_name_and_goes(image: Image) -> None:
    errand = mask(image)
    errand.path.write_bytes(b"nothing of use")
    assert run_errand(errand.pk)
    assert "slide 1.geojson" in ended(errand, Errand.State.FAILED).error
    assert not errand.path.exists()


def test_a_file_that_is_gone_fails_without_a_path_of_the_server(
    image: Image, data_root: Path
) -> None:
    errand = table(image, "")
    errand.path.unlink()
    assert run_errand(errand.pk)
    error = ended(errand, Errand.State.FAILED).error
    assert "No such file" in error
    assert str(data_root) not in error


def test_what_is_dismissed_leaves_no_file(image: Image) -> None:
    looked = table(image, "", dry_run=True)
    assert run_errand(looked.pk)
    looked.refresh_from_db()
    dismiss_errand(by=looked.created_by, errand=looked)
    assert not looked.path.exists()
    waiting = table(image, "")
    cancel_errand(by=waiting.created_by, errand=waiting)
    assert not waiting.path.exists()
