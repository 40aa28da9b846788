"""A worker process that is killed in the middle of an errand, and the next one."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone

from annotations.models import (
    Dataset,
    Errand,
    FormerGrid,
    FormerLabel,
    Image,
    Label,
    LabelChange,
    Structure,
)
from annotations.models.label import Answer
from annotations.models.work import HEARTBEAT_LIMIT
from annotations.services.asking import ask_for_empties, ask_for_grid, ask_to_clear
from annotations.services.empty import find_empty, known_empty
from annotations.tasks import recover_errands
from tests.factories import make_dataset, make_image, make_structure, write_files
from tests.support.worker import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
IMAGES, SIDE = 40, 20


def _now(errand: Errand) -> Errand:
    errand.refresh_from_db()
    return errand


def _killed_when(ask: Callable[[], Errand], under_way: Callable[[], bool]) -> Errand:
    """An errand whose worker is killed by SIGKILL as soon as it is in the middle of it."""
    with Worker.running() as first:
        errand = ask()
        first.wait_for(
            lambda: under_way() or not _now(errand).is_active, seconds=60, what="the middle"
        )
        first.kill()
    assert _now(errand).state == Errand.State.RUNNING
    return errand


def _ended_by_another(errand: Errand) -> None:
    """As after the time in which nobody was heard of: the sweep sends it to a new worker."""
    long_ago = timezone.now() - HEARTBEAT_LIMIT - Errand.SENT_LIMIT - timedelta(seconds=1)
    Errand.objects.filter(pk=errand.pk).update(heartbeat_at=long_ago, sent_at=long_ago)
    with Worker.running() as second:
        recover_errands()
        second.wait_for(lambda: not _now(errand).is_active, seconds=90, what="its end")
    assert (errand.state, errand.error) == (Errand.State.DONE, "")


def _answered(dataset: Dataset, structure: Structure) -> int:
    """Every patch of every image answered with no; how many that are."""
    labels = [
        Label(
            image=image,
            structure=structure,
            annotator=dataset.created_by,
            row=row,
            column=column,
            value=Answer.NO,
            updated_at=timezone.now(),
        )
        for image in dataset.images.all()
        for row, column in np.ndindex(SIDE, SIDE)
    ]
    Label.objects.bulk_create(labels, batch_size=5000)
    return len(labels)


def test_a_grid_is_changed_by_the_next_worker_and_not_at_all_by_the_killed_one() -> None:
    dataset = make_dataset(patch_size=32)
    for _ in range(IMAGES * 2):
        make_image(dataset=dataset, height=32 * SIDE, width=32 * SIDE)
    answers = _answered(dataset, make_structure(project=dataset.project))

    def ask() -> Errand:
        by = dataset.created_by
        return ask_for_grid(by=by, dataset=dataset, patch_size=64, overlap=0, transfer=True)

    errand = _killed_when(ask, lambda: Errand.objects.filter(message="Moving answers").exists())
    dataset.refresh_from_db()
    assert (dataset.patch_size, Label.objects.count()) == (32, answers)
    assert not FormerGrid.objects.exists()
    assert not LabelChange.objects.exists()

    _ended_by_another(errand)
    dataset.refresh_from_db()
    assert (dataset.patch_size, FormerGrid.objects.count()) == (64, 1)
    assert FormerLabel.objects.count() == answers
    # Four patches that were no make one that is.
    assert Label.objects.count() == LabelChange.objects.count() == answers // 4


@pytest.fixture
def slides() -> list[Image]:
    """Images with a disc in the middle, and files."""
    dataset = make_dataset(patch_size=32)
    images = [make_image(dataset=dataset, height=640, width=640) for _ in range(IMAGES)]
    for image in images:
        write_files(image)
    return images


def test_a_search_for_empty_patches_goes_on_where_the_killed_worker_was(
    slides: list[Image],
) -> None:
    dataset = slides[0].dataset

    def kept() -> dict[Path, int]:
        # Of these images alone: other tests with a worker keep theirs in the same folder.
        found = [path for image in slides for path in image.folder.glob("empty/*.npy")]
        return {path: path.stat().st_mtime_ns for path in found}

    errand = _killed_when(
        lambda: ask_for_empties(by=dataset.created_by, dataset=dataset), lambda: len(kept()) >= 3
    )
    before = kept()
    assert len(before) < IMAGES
    _ended_by_another(errand)
    after = kept()
    assert len(after) == IMAGES == errand.report["images"]
    assert {path: after[path] for path in before} == before
    assert all(known_empty(image=image) is not None for image in slides)


def test_each_empty_patch_is_answered_once_by_two_workers(slides: list[Image]) -> None:
    dataset = slides[0].dataset
    structure = make_structure(project=dataset.project)
    wanted = sum(int(find_empty(image=image).sum()) for image in slides)
    errand = _killed_when(
        lambda: ask_to_clear(by=dataset.created_by, dataset=dataset, structure=structure),
        Label.objects.exists,
    )
    assert Label.objects.count() < wanted
    _ended_by_another(errand)
    assert errand.report == {"images": IMAGES, "patches": wanted}
    assert Label.objects.count() == LabelChange.objects.count() == wanted
