"""What must be true of runs, models and results is held by the database, by name."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from inference.models import ModelStructure, ModelVersion, ReferenceScore, Run, Segmentation
from tests.factories import (
    make_dataset,
    make_image,
    make_model,
    make_run,
    make_segmentation,
    make_structure,
)
from tests.support.refusal import constraints_of, refused_by

pytestmark = pytest.mark.django_db


def _two_models_of_one_number() -> None:
    first = make_model()
    second = make_model(dataset=first.dataset)
    ModelVersion.objects.filter(pk=second.pk).update(number=first.number)


def _two_structures_in_one_place() -> None:
    model = make_model()
    other = make_structure(project=model.dataset.project)
    ModelStructure.objects.create(model=model, structure=other, position=0, threshold=0.5)


def _one_structure_in_two_places() -> None:
    model = make_model()
    structure = model.structures.get()
    ModelStructure.objects.create(model=model, structure=structure, position=1, threshold=0.5)


def _a_default_threshold_above_one() -> None:
    make_model(threshold=1.01)


def _an_unknown_kind() -> None:
    run = make_run()
    Run.objects.filter(pk=run.pk).update(kind="paint", uses=make_model(dataset=run.dataset))


def _an_unknown_state() -> None:
    Run.objects.filter(pk=make_run().pk).update(state="paused", finished_at=timezone.now())


def _a_share_above_one() -> None:
    make_run(progress=1.01)


def _a_share_below_zero() -> None:
    make_run(progress=-0.01)


def _running_for_nobody() -> None:
    make_run(state=Run.State.RUNNING, claim=None)


def _running_without_a_heartbeat() -> None:
    make_run(state=Run.State.RUNNING, heartbeat_at=None)


def _done_without_an_end() -> None:
    make_run(state=Run.State.DONE, finished_at=None)


def _waiting_with_an_end() -> None:
    make_run(state=Run.State.QUEUED, finished_at=timezone.now())


def _failed_without_a_reason() -> None:
    make_run(state=Run.State.FAILED, error="")


def _segmenting_with_no_model() -> None:
    make_run(kind=Run.Kind.SEGMENT)


def _training_with_a_model() -> None:
    model = make_model()
    make_run(dataset=model.dataset, uses=model)


def _segmentation(threshold: float = 0.5) -> Segmentation:
    dataset = make_dataset()
    structure = make_structure(project=dataset.project)
    return make_segmentation(
        image=make_image(dataset=dataset),
        model=make_model(dataset=dataset, structures=[structure]),
        structure=structure,
        threshold=threshold,
    )


def _two_results_of_one_model() -> None:
    first = _segmentation()
    make_segmentation(image=first.image, model=first.model, structure=first.structure)


def _a_threshold_below_zero() -> None:
    _segmentation(threshold=-0.1)


def _output(**values: object) -> Callable[[], None]:
    def attempt() -> None:
        make_model()
        ModelStructure.objects.update(**values)

    return attempt


def _result(**values: object) -> Callable[[], None]:
    def attempt() -> None:
        _segmentation()
        Segmentation.objects.update(**values)

    return attempt


def _more_right_than_there_is() -> None:
    own = _segmentation()
    ReferenceScore.objects.create(
        segmentation=own,
        segmentation_key=own.key,
        reference_key=own.key,
        iou=1.5,
        count_error=0,
    )


REFUSED: list[tuple[str, Callable[[], None]]] = [
    ("model_number_is_unique", _two_models_of_one_number),
    ("one_structure_per_output", _two_structures_in_one_place),
    ("one_output_per_structure", _one_structure_in_two_places),
    ("output_threshold_is_a_probability", _a_default_threshold_above_one),
    ("run_kind_is_known", _an_unknown_kind),
    ("run_state_is_known", _an_unknown_state),
    ("run_progress_is_a_share", _a_share_above_one),
    ("run_progress_is_a_share", _a_share_below_zero),
    ("run_running_is_held", _running_for_nobody),
    ("run_running_is_held", _running_without_a_heartbeat),
    ("run_ended_has_an_end", _done_without_an_end),
    ("run_ended_has_an_end", _waiting_with_an_end),
    ("run_failed_for_a_reason", _failed_without_a_reason),
    ("run_uses_a_model", _segmenting_with_no_model),
    ("run_uses_a_model", _training_with_a_model),
    ("one_segmentation_per_model", _two_results_of_one_model),
    ("segmentation_threshold_is_a_probability", _a_threshold_below_zero),
    ("output_decision_is_a_probability", _output(decision=1.01)),
    ("modelstructure_separation_is_known", _output(separation_method="magic")),
    ("modelstructure_separation_unit_is_known", _output(separation_unit="mm")),
    ("modelstructure_separation_size_belongs", _output(separation_size=3)),
    (
        "modelstructure_separation_size_belongs",
        _output(separation_method="distance", separation_size=0),
    ),
    ("modelstructure_smallest_object_has_an_area", _output(separation_smallest=0)),
    ("reference_scores_are_shares", _more_right_than_there_is),
    ("segmentation_separation_is_known", _result(separation_method="magic")),
    ("segmentation_separation_unit_is_known", _result(separation_unit="mm")),
    ("segmentation_separation_size_belongs", _result(separation_size=3)),
    ("segmentation_smallest_object_has_an_area", _result(separation_smallest=-1)),
]


@pytest.mark.parametrize(("constraint", "attempt"), REFUSED)
def test_the_database_refuses(constraint: str, attempt: Callable[[], None]) -> None:
    with refused_by(constraint):
        attempt()


def test_every_constraint_of_the_app_is_tried_here() -> None:
    assert constraints_of("inference") == {constraint for constraint, _ in REFUSED}
