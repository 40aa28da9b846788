"""How workers beat in tests of their jobs; used by importing the fixture."""

from collections.abc import Iterator

import pytest

from annotations import stopping
from annotations.jobs import reporter


@pytest.fixture(autouse=True)
def beats(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Quick heartbeats where they can be seen, none where they cannot; nobody ends the worker.

    They come from a thread with a connection of its own, for which the rows of a test that never
    commits do not exist: its work would count as lost.
    """
    mark = request.node.get_closest_marker("django_db")
    commits = mark is not None and mark.kwargs.get("transaction", False)
    monkeypatch.setattr(reporter, "BEAT_SECONDS", 0.05 if commits else 3600.0)
    monkeypatch.setattr(reporter, "LOOK_SECONDS", 0.05 if commits else 3600.0)
    yield
    stopping.shutdown.clear()
