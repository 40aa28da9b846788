"""Fixtures for tests of what workers do."""

from tests.support.beating import beats

__all__ = ["beats"]
