"""Requests of people of a project."""

from typing import Any

from annotations.models import User
from tests.inference.api.world import World
from tests.support.clients import client_of


def annotator(world: World) -> User:
    user = world.people["annotator"]
    assert user is not None
    return user


def post(world: World, address: str, **body: Any) -> Any:
    return client_of(annotator(world)).post(f"/api/{address}", body, format="json")


def get(world: World, address: str) -> Any:
    return client_of(annotator(world)).get(f"/api/{address}")
