"""Fixtures for tests of what workers do."""

from collections.abc import Iterator

import pytest

from annotations import stopping


@pytest.fixture(autouse=True)
def _nobody_ends_the_worker() -> Iterator[None]:
    yield
    stopping.shutdown.clear()
