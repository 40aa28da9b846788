"""Images that come after a training get their scores without anybody asking."""

from pathlib import Path

import pytest
from django.utils import timezone

from annotations.models import Dataset, Image, PatchScores, Role, Structure
from annotations.services.grids import change_grid
from annotations.services.scores import decoded
from inference.jobs.runner import run as do
from inference.jobs.unscored import new_scorings
from inference.models import ModelVersion, Run
from inference.services.runs import cancel_run
from tests.factories import (
    make_dataset,
    make_image,
    make_member,
    make_model,
    make_run,
    make_structure,
)
from tests.inference.jobs.untrained import write_untrained

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    return make_dataset(patch_size=32)


@pytest.fixture
def rings(dataset: Dataset) -> Structure:
    return make_structure(project=dataset.project, name="Rings")


def _model(dataset: Dataset, *structures: Structure) -> ModelVersion:
    model = make_model(dataset=dataset, structures=list(structures))
    write_untrained(model)
    return model


def _image(dataset: Dataset) -> Image:
    return make_image(dataset=dataset, height=64, width=96, store=True)


def _queued() -> Run:
    return Run.objects.get(kind=Run.Kind.SCORE, state=Run.State.QUEUED)


def _scored() -> set[tuple[int, str]]:
    return set(PatchScores.objects.values_list("image_id", "source"))


def test_an_image_that_comes_after_a_training_is_scored_by_a_run(
    dataset: Dataset, rings: Structure
) -> None:
    model = _model(dataset, rings)
    image = _image(dataset)
    assert len(new_scorings()) == 1
    run = _queued()
    assert (run.uses, run.created_by) == (model, model.run.created_by)
    do(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error, run.progress) == (Run.State.DONE, "", 1)
    row = PatchScores.objects.get(image=image, structure=rings)
    assert decoded(row.scores, row.rows, row.columns).shape == (2, 3)
    assert row.source == model.name
    assert new_scorings() == []


def test_what_is_scored_already_is_not_asked_for(dataset: Dataset, rings: Structure) -> None:
    _model(dataset, rings)
    first = _image(dataset)
    new_scorings()
    do(_queued().pk)
    before = PatchScores.objects.get(image=first).updated_at
    second = _image(dataset)
    assert len(new_scorings()) == 1
    assert _queued().params["images"] == [second.pk]
    do(_queued().pk)
    assert PatchScores.objects.get(image=first).updated_at == before


def test_images_that_still_come_are_waited_for(dataset: Dataset, rings: Structure) -> None:
    _model(dataset, rings)
    _image(dataset)
    coming = make_image(dataset=dataset, state=Image.State.IMPORTING)
    assert new_scorings() == []
    coming.delete()
    assert len(new_scorings()) == 1


@pytest.mark.parametrize("kind", [Run.Kind.TRAIN, Run.Kind.SCORE])
def test_nothing_is_asked_for_while_a_run_is_on_its_way_that_scores(
    dataset: Dataset, rings: Structure, kind: Run.Kind
) -> None:
    model = _model(dataset, rings)
    _image(dataset)
    uses = model if kind == Run.Kind.SCORE else None
    params = {"images": [], "patch_size": 32, "overlap": 0}
    on_its_way = make_run(dataset=dataset, kind=kind, uses=uses, params=params)
    assert new_scorings() == []
    Run.objects.filter(pk=on_its_way.pk).update(
        state=Run.State.CANCELLED, finished_at=timezone.now()
    )
    assert len(new_scorings()) == 1


def test_a_run_that_was_cancelled_is_not_asked_for_again(
    dataset: Dataset, rings: Structure
) -> None:
    _model(dataset, rings)
    _image(dataset)
    new_scorings()
    bob = make_member(project=dataset.project, role=Role.ANNOTATOR).user
    cancel_run(by=bob, run=_queued())
    assert new_scorings() == []
    assert not PatchScores.objects.exists()


def test_a_training_that_was_cancelled_while_scoring_stays_so(
    dataset: Dataset, rings: Structure
) -> None:
    model = _model(dataset, rings)
    _image(dataset)
    Run.objects.filter(pk=model.run_id).update(state=Run.State.CANCELLED)
    assert new_scorings() == []


def test_another_grid_is_scored_anew(dataset: Dataset, rings: Structure) -> None:
    _model(dataset, rings)
    image = _image(dataset)
    new_scorings()
    do(_queued().pk)
    change_grid(by=dataset.created_by, dataset=dataset, patch_size=16, overlap=0, transfer=False)
    assert len(new_scorings()) == 1
    do(_queued().pk)
    row = PatchScores.objects.get(image=image)
    assert (row.rows, row.columns) == (4, 6)


def test_each_structure_is_scored_by_the_last_model_that_learnt_it(
    dataset: Dataset, rings: Structure
) -> None:
    beads = make_structure(project=dataset.project, name="Beads")
    _model(dataset, rings, beads)
    _model(dataset, rings)
    _image(dataset)
    while new_scorings():
        do(_queued().pk)
    found = set(PatchScores.objects.values_list("structure__name", "source"))
    assert found == {("Rings", "Model 2"), ("Beads", "Model 1")}


def test_a_deleted_image_costs_the_others_nothing(dataset: Dataset, rings: Structure) -> None:
    _model(dataset, rings)
    gone, stays = _image(dataset), _image(dataset)
    new_scorings()
    Image.objects.filter(pk=gone.pk).delete()
    do(_queued().pk)
    assert _scored() == {(stays.pk, "Model 1")}


def test_an_image_that_does_not_fit_is_named_and_not_asked_for_again(
    dataset: Dataset, rings: Structure
) -> None:
    _model(dataset, rings)
    odd, good = _image(dataset), _image(dataset)
    Image.objects.filter(pk=odd.pk).update(channels=odd.channels * 2)
    new_scorings()
    run = _queued()
    do(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert run.error == f"These images do not fit Model 1 (v1): {odd.name}."
    assert _scored() == {(good.pk, "Model 1")}
    assert new_scorings() == []
