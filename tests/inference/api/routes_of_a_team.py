"""Addresses for labelling by a team, and who may do what there."""

from typing import Any

from tests.inference.api.case import Case
from tests.inference.api.world import World


def _dataset(world: World) -> tuple[Any, ...]:
    return (world.dataset.pk,)


def _assignment(world: World) -> tuple[Any, ...]:
    return (world.assignment.pk,)


def _patch(world: World) -> dict[str, Any]:
    return {"image": world.image.pk, "row": 1, "column": 1}


def _answers(world: World) -> dict[str, Any]:
    return {"answers": [_patch(world) | {"structure": world.structure.pk, "value": "yes"}]}


def _structure(world: World) -> dict[str, Any]:
    return {"structure": world.structure.pk}


def _plan(_: World) -> dict[str, Any]:
    return {"answers_wanted": 3, "shared_fraction": 0.1}


def _assigned(world: World) -> dict[str, Any]:
    return {"structure": world.structure.pk, "annotators": [world.member.user_id]}


def _project(world: World) -> tuple[Any, ...]:
    return (world.dataset.project_id,)


def _remark(world: World) -> tuple[Any, ...]:
    return (world.remark.pk,)


def _model_patch(world: World) -> tuple[Any, ...]:
    return (world.model_patch.pk,)


def _rule(_: World) -> dict[str, Any]:
    return {"consensus": "unanimous"}


def _asked(world: World) -> dict[str, Any]:
    return {"structure": world.structure.pk}


def _decisions(world: World) -> dict[str, Any]:
    return _structure(world) | {"decisions": [_patch(world) | {"value": "no"}]}


def _patches(world: World) -> dict[str, Any]:
    return _structure(world) | {"patches": [_patch(world)]}


def _words(world: World) -> dict[str, Any]:
    return _structure(world) | _patch(world) | {"text": "Is this the edge?"}


def _example(world: World) -> dict[str, Any]:
    return _structure(world) | _patch(world) | {"use": "example", "value": "yes"}


TEAM_CASES = (
    Case("post", "api-answers", _dataset, "annotator", body=_answers),
    Case("post", "api-next", _dataset, "annotator", body=_structure),
    Case("post", "api-release", _dataset, "annotator", body=_structure),
    Case("get", "api-plan", _dataset, "viewer"),
    Case("put", "api-plan", _dataset, "manager", body=_plan),
    Case("get", "api-assignments", _dataset, "viewer"),
    Case("post", "api-assignments", _dataset, "manager", 201, body=_assigned),
    Case("delete", "api-assignment", _assignment, "manager", 204),
    Case("get", "api-consensus", _project, "viewer"),
    Case("patch", "api-consensus", _project, "manager", body=_rule),
    Case("get", "api-agreement", _dataset, "manager", body=_asked),
    Case("get", "api-disagreements", _dataset, "manager", body=_asked),
    Case("get", "api-people", _dataset, "manager"),
    Case("put", "api-decisions", _dataset, "manager", body=_decisions),
    Case("delete", "api-decisions", _dataset, "manager", body=_patches),
    Case("get", "api-remarks", _dataset, "viewer"),
    Case("post", "api-remarks", _dataset, "manager", 201, body=_words),
    Case("post", "api-remark-done", _remark, "annotator"),
    Case("get", "api-model-patches", _dataset, "viewer"),
    Case("post", "api-model-patches", _dataset, "manager", 201, body=_example),
    Case("delete", "api-model-patch", _model_patch, "manager", 204),
)
