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


TEAM_CASES = (
    Case("post", "api-answers", _dataset, "annotator", body=_answers),
    Case("post", "api-next", _dataset, "annotator", body=_structure),
    Case("post", "api-release", _dataset, "annotator", body=_structure),
    Case("get", "api-plan", _dataset, "viewer"),
    Case("put", "api-plan", _dataset, "manager", body=_plan),
    Case("get", "api-assignments", _dataset, "viewer"),
    Case("post", "api-assignments", _dataset, "manager", 201, body=_assigned),
    Case("delete", "api-assignment", _assignment, "manager", 204),
)
