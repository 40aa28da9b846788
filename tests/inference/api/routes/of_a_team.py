"""Addresses for labelling by a team, and who may do what there."""

from typing import Any

from tests.inference.api.case import Case
from tests.inference.api.routes.shared import of_dataset, of_project, structure
from tests.inference.api.world import World


def _assignment(world: World) -> tuple[Any, ...]:
    return (world.assignment.pk,)


def _patch(world: World) -> dict[str, Any]:
    return {"image": world.image.pk, "row": 1, "column": 1}


def _answers(world: World) -> dict[str, Any]:
    return {"answers": [_patch(world) | {"structure": world.structure.pk, "value": "yes"}]}


def _plan(_: World) -> dict[str, Any]:
    return {"answers_wanted": 3, "shared_fraction": 0.1}


def _assigned(world: World) -> dict[str, Any]:
    return {"structure": world.structure.pk, "annotators": [world.member.user_id]}


def _remark(world: World) -> tuple[Any, ...]:
    return (world.remark.pk,)


def _model_patch(world: World) -> tuple[Any, ...]:
    return (world.model_patch.pk,)


def _rule(_: World) -> dict[str, Any]:
    return {"consensus": "unanimous"}


def _decisions(world: World) -> dict[str, Any]:
    return structure(world) | {"decisions": [_patch(world) | {"value": "no"}]}


def _patches(world: World) -> dict[str, Any]:
    return structure(world) | {"patches": [_patch(world)]}


def _words(world: World) -> dict[str, Any]:
    return structure(world) | _patch(world) | {"text": "Is this the edge?"}


def _example(world: World) -> dict[str, Any]:
    return structure(world) | _patch(world) | {"use": "example", "value": "yes"}


TEAM_CASES = (
    Case("post", "api-answers", of_dataset, "annotator", body=_answers),
    Case("post", "api-next", of_dataset, "annotator", body=structure),
    Case("post", "api-release", of_dataset, "annotator", body=structure),
    Case("get", "api-plan", of_dataset, "viewer"),
    Case("put", "api-plan", of_dataset, "manager", body=_plan),
    Case("get", "api-assignments", of_dataset, "viewer"),
    Case("post", "api-assignments", of_dataset, "manager", 201, body=_assigned),
    Case("delete", "api-assignment", _assignment, "manager", 204),
    Case("get", "api-consensus", of_project, "viewer"),
    Case("patch", "api-consensus", of_project, "manager", body=_rule),
    Case("get", "api-agreement", of_dataset, "manager", body=structure),
    Case("get", "api-disagreements", of_dataset, "manager", body=structure),
    Case("get", "api-people", of_dataset, "manager"),
    Case("put", "api-decisions", of_dataset, "manager", body=_decisions),
    Case("delete", "api-decisions", of_dataset, "manager", body=_patches),
    Case("get", "api-remarks", of_dataset, "viewer"),
    Case("post", "api-remarks", of_dataset, "manager", 201, body=_words),
    Case("post", "api-remark-done", _remark, "annotator"),
    Case("get", "api-model-patches", of_dataset, "viewer"),
    Case("post", "api-model-patches", of_dataset, "manager", 201, body=_example),
    Case("delete", "api-model-patch", _model_patch, "manager", 204),
)
