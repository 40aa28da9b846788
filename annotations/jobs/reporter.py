"""Progress of work to the database, and the wish to stop from there."""

import logging
import threading
import time
from collections import deque
from types import TracebackType
from typing import Any, Self

from django.db import DatabaseError, connection
from django.utils import timezone

from annotations import stopping
from annotations.jobs.claiming import Stopped, held
from annotations.models.work import Work, rows_of

logger = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
# Finer than a page polls.
LOOK_SECONDS = 0.2


class Reporter:
    """Keeps claimed work alive while its job works, and carries news in both directions.

    As a context manager it beats from a thread with a connection of its own: a step that takes
    minutes must not look like a dead worker, and what is written within a transaction of the job's
    nobody sees.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.lost = False
        # Work that was given back may have been cancelled since.
        self.cancelled = work.cancel_requested
        # The last of them alone counts.
        self._news: deque[dict[str, Any]] = deque(maxlen=1)
        self._ended = threading.Event()
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

    def note(self, share: float, message: str) -> None:
        """Say how far the job is (0 to 1) and what it is doing; costs next to nothing."""
        self._news.append({"progress": min(max(share, 0.0), 1.0), "message": message[:200]})

    def tell(self, share: float, message: str, /) -> None:
        """As `note`, between two steps.

        Raises:
            Stopped: the job is to end here.
        """
        if self.should_stop():
            raise Stopped
        self.note(share, message)

    def write(self, **values: Any) -> None:
        """Write to the row at once."""
        self.lost = self.lost or not held(self.work, heartbeat_at=timezone.now(), **values)

    def beat_once(self) -> None:
        """Tell the database what is new, and hear what it has to say."""
        try:
            self.write(**(self._news.pop() if self._news else {}))
            wanted = rows_of(type(self.work)).filter(pk=self.work.pk, cancel_requested=True)
            self.cancelled = self.cancelled or wanted.exists()
        except DatabaseError:
            # Away for a moment, or, with SQLite, held by the job itself.
            logger.warning("No heartbeat for %s this time", self.work, exc_info=True)
            connection.close()

    def _beat(self) -> None:
        last = time.monotonic()
        try:
            while not self._ended.wait(min(LOOK_SECONDS, BEAT_SECONDS)):
                if self._news or time.monotonic() - last >= BEAT_SECONDS:
                    self.beat_once()
                    last = time.monotonic()
        finally:
            # The thread's own connection: nobody else would close it.
            connection.close()
