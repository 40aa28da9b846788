"""Places that addresses name, and what is sent, wherever several addresses are alike."""

from typing import Any

from tests.inference.api.world import World


def of_project(world: World) -> tuple[Any, ...]:
    return (world.dataset.project_id,)


def of_dataset(world: World) -> tuple[Any, ...]:
    return (world.dataset.pk,)


def of_image(world: World) -> tuple[Any, ...]:
    return (world.image.pk,)


def name(_: World) -> dict[str, Any]:
    return {"name": "Another"}


def nothing(_: World) -> dict[str, Any]:
    return {}


def structure(world: World) -> dict[str, Any]:
    return {"structure": world.structure.pk}
