"""Progress to the database, and the wish to stop from there."""

import logging
import threading
import time
from types import TracebackType
from typing import Any, Self

from django.db import DatabaseError, connection
from django.utils import timezone

from inference import stopping
from inference.jobs.claiming import held
from inference.models import Run

logger = logging.getLogger(__name__)

BEAT_SECONDS = 3.0
# Finer than a page polls; each write costs a transaction.
REPORT_SECONDS = 0.5


class Reporter:
    """Keeps a claimed run alive while its job works, and carries news in both directions.

    As a context manager it beats from a thread of its own: a step that takes minutes must not look
    like a dead worker.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.lost = False
        # A run that was given back may have been cancelled since.
        self.cancelled = run.cancel_requested
        self._ended = threading.Event()
        self._last = 0.0
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def should_stop(self) -> bool:
        return self.cancelled or self.lost or stopping.shutdown.is_set()

    def progress(self, share: float, message: str, *, force: bool = False) -> None:
        """Say how far the job is (0 to 1) and what it is doing; most calls cost nothing."""
        now = time.monotonic()
        if force or now - self._last >= REPORT_SECONDS:
            self._last = now
            self._write(progress=min(max(share, 0.0), 1.0), message=message[:200])
            self._listen()

    def history(self, points: list[dict[str, Any]]) -> None:
        """Replace the curve of a training."""
        self._write(history=points)

    def _beat_once(self) -> None:
        try:
            self._write()
            self._listen()
        except DatabaseError:
            # A database that is away for a moment must not end the beating for good.
            logger.warning("No heartbeat for %s this time", self.run, exc_info=True)
            connection.close()

    def _listen(self) -> None:
        wanted = Run.objects.filter(pk=self.run.pk, cancel_requested=True)
        self.cancelled = self.cancelled or wanted.exists()

    def _write(self, **values: Any) -> None:
        self.lost = self.lost or not held(self.run, heartbeat_at=timezone.now(), **values)

    def _beat(self) -> None:
        try:
            while not self._ended.wait(BEAT_SECONDS):
                self._beat_once()
        finally:
            # The thread's own connection: nobody else would close it.
            connection.close()
