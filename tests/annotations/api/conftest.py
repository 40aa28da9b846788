"""Fixtures for tests of the HTTP interface."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    """Attempts to sign in are counted in the cache."""
    cache.clear()
