"""Rows about the work of a team that the database must refuse, by the constraint that does."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from annotations.models import (
    Assignment,
    Decision,
    LabelChange,
    LabellingPlan,
    Lease,
    LeftOut,
    ModelPatch,
    PatchGuesses,
    PatchScores,
    Project,
    Remark,
    Repeat,
)
from annotations.models.label import Answer
from tests.factories import make_dataset, make_image, make_project, make_structure, make_user


def _patch() -> dict[str, Any]:
    """A patch and a structure to say something about."""
    image = make_image()
    structure = make_structure(project=image.dataset.project)
    return {"image": image, "structure": structure, "row": 0, "column": 0}


def _ten_answers_wanted() -> None:
    LabellingPlan.objects.create(dataset=make_dataset(), answers_wanted=10)


def _more_repeats_than_patches() -> None:
    LabellingPlan.objects.create(dataset=make_dataset(), repeat_fraction=1.5)


def _assignment(share: float) -> Assignment:
    dataset = make_dataset()
    return Assignment.objects.create(
        dataset=dataset,
        structure=make_structure(project=dataset.project),
        annotator=make_user(),
        share=share,
    )


def _two_assignments_of_one_person() -> None:
    first = _assignment(0.5)
    first.pk = None
    first.save(force_insert=True)


def _a_share_of_nothing() -> None:
    _assignment(0)


def _a_patch_left_out_twice() -> None:
    patch = _patch()
    for _ in range(2):
        LeftOut.objects.create(
            image=patch["image"], row=0, column=0, by=make_user(), at=timezone.now()
        )


def _two_leases_of_one_person() -> None:
    lease: dict[str, Any] = _patch() | {"annotator": make_user(), "expires_at": timezone.now()}
    for _ in range(2):
        Lease.objects.create(**lease)


def _repeat(second: str, times: int = 1) -> None:
    fields: dict[str, Any] = _patch() | {"annotator": make_user(), "at": timezone.now()}
    for _ in range(times):
        Repeat.objects.create(first=Answer.YES, second=second, **fields)


def _two_repeats_of_one_person() -> None:
    _repeat(Answer.NO, times=2)


def _a_repeat_without_a_second_answer() -> None:
    _repeat("")


def _decision(value: str, times: int = 1) -> None:
    fields: dict[str, Any] = _patch() | {"by": make_user(), "at": timezone.now()}
    for _ in range(times):
        Decision.objects.create(value=value, **fields)


def _two_decisions_on_one_patch() -> None:
    _decision(Answer.NO, times=2)


def _a_decision_of_nothing() -> None:
    _decision("")


def _model_patch(use: str, value: str, times: int = 1) -> None:
    fields: dict[str, Any] = _patch() | {"by": make_user()}
    for _ in range(times):
        ModelPatch.objects.create(use=use, value=value, **fields)


def _one_example_twice() -> None:
    _model_patch("example", Answer.YES, times=2)


def _an_unknown_use_of_a_patch() -> None:
    _model_patch("ornament", Answer.YES)


def _an_example_of_nothing() -> None:
    _model_patch("example", "")


def _a_remark_without_words_to_nobody() -> None:
    Remark.objects.create(by=make_user(), **_patch())


def _scores(rows: int, times: int = 1) -> None:
    patch = _patch()
    for _ in range(times):
        PatchScores.objects.create(
            image=patch["image"],
            structure=patch["structure"],
            rows=rows,
            columns=2,
            scores=bytes(4 * rows),
            source="Model 1",
        )


def _two_sets_of_scores() -> None:
    _scores(1, times=2)


def _scores_without_a_row() -> None:
    _scores(0)


def _guesses(rows: int, times: int = 1) -> None:
    patch = _patch()
    for _ in range(times):
        PatchGuesses.objects.create(
            image=patch["image"],
            structure=patch["structure"],
            rows=rows,
            columns=2,
            scores=bytes(4 * rows),
            known_until=1,
        )


def _two_sets_of_guesses() -> None:
    _guesses(1, times=2)


def _guesses_without_a_row() -> None:
    _guesses(0)


def _an_unknown_consensus() -> None:
    Project.objects.filter(pk=make_project().pk).update(consensus="loudest")


def _a_consensus_of_half() -> None:
    Project.objects.filter(pk=make_project().pk).update(consensus_probability=0.5)


def _one_event_twice() -> None:
    fields: dict[str, Any] = _patch() | {"annotator": make_user(), "event": uuid4()}
    for old, new in (("", "yes"), ("yes", "no")):
        LabelChange.objects.create(old=old, new=new, at=timezone.now(), **fields)


REFUSED_OF_A_TEAM: list[tuple[str, Callable[[], None]]] = [
    ("plan_answers_are_sensible", _ten_answers_wanted),
    ("plan_fractions_are_fractions", _more_repeats_than_patches),
    ("one_assignment_per_person", _two_assignments_of_one_person),
    ("assignment_share_is_a_share", _a_share_of_nothing),
    ("a_patch_is_left_out_once", _a_patch_left_out_twice),
    ("one_lease_per_patch_and_person", _two_leases_of_one_person),
    ("one_repeat_per_patch_and_person", _two_repeats_of_one_person),
    ("repeat_answers_are_known", _a_repeat_without_a_second_answer),
    ("one_decision_per_patch", _two_decisions_on_one_patch),
    ("decision_is_an_answer", _a_decision_of_nothing),
    ("one_known_answer_per_patch_and_use", _one_example_twice),
    ("model_patch_use_is_known", _an_unknown_use_of_a_patch),
    ("model_patch_has_an_answer", _an_example_of_nothing),
    ("remark_says_something", _a_remark_without_words_to_nobody),
    ("one_set_of_scores_per_structure", _two_sets_of_scores),
    ("scores_have_a_grid", _scores_without_a_row),
    ("one_set_of_guesses_per_structure", _two_sets_of_guesses),
    ("guesses_have_a_grid", _guesses_without_a_row),
    ("project_consensus_is_known", _an_unknown_consensus),
    ("project_consensus_is_a_probability", _a_consensus_of_half),
    ("an_answer_arrives_once", _one_event_twice),
]
