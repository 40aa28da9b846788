"""Addresses of projects, their members, structures and data sets."""

from typing import Any

from tests.inference.api.case import Case
from tests.inference.api.routes.shared import name, of_dataset, of_project
from tests.inference.api.world import World


def _member(world: World) -> tuple[Any, ...]:
    return (world.member.pk,)


def _unused(world: World) -> tuple[Any, ...]:
    return (world.unused.pk,)


def _new_member(world: World) -> dict[str, Any]:
    stranger = world.people["stranger"]
    assert stranger is not None
    return {"login": stranger.username, "role": "viewer"}


def _role(_: World) -> dict[str, Any]:
    return {"role": "manager"}


PROJECT_CASES = (
    Case("get", "api-project", of_project, "viewer"),
    Case("patch", "api-project", of_project, "manager", body=name),
    Case("delete", "api-project", of_project, "manager", 204),
    Case("get", "api-members", of_project, "viewer"),
    Case("post", "api-members", of_project, "manager", 201, body=_new_member),
    Case("patch", "api-member", _member, "manager", body=_role),
    Case("delete", "api-member", _member, "manager", 204),
    Case("get", "api-structures", of_project, "viewer"),
    Case("post", "api-structures", of_project, "manager", 201, body=name),
    Case("patch", "api-structure", _unused, "manager", body=name),
    Case("delete", "api-structure", _unused, "manager", 204),
    Case("get", "api-datasets", of_project, "viewer"),
    Case("post", "api-datasets", of_project, "manager", 201, body=name),
    Case("get", "api-dataset", of_dataset, "viewer"),
    Case("patch", "api-dataset", of_dataset, "manager", body=name),
    Case("delete", "api-dataset", of_dataset, "manager", 204),
)
