"""A project with everything in it."""

from pathlib import Path

import pytest

from tests.inference.api.world import World, make_world


@pytest.fixture
def world(data_root: Path) -> World:
    return make_world()
