"""Progress of an errand to the database, and the wish to stop from there."""

import logging
import threading
import time
from types import TracebackType
from typing import Any, Self

from django.db import DatabaseError, connection
from django.utils import timezone

from annotations import stopping
from annotations.jobs.errands.claiming import Stopped, held
from annotations.models import Errand

logger = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
# Finer than a page polls.
LOOK_SECONDS = 0.2


class Reporter:
    """Keeps a claimed errand alive while its job works, and carries news in both directions.

    It writes from a thread with a connection of its own: the job may be within one transaction from
    its beginning to its end, and what is written there nobody sees.
    """

    def __init__(self, errand: Errand) -> None:
        self.errand = errand
        self.lost = False
        self.cancelled = errand.cancel_requested
        self._news: dict[str, Any] = {}
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

    def tell(self, share: float, message: str, /) -> None:
        """Say how far the job is (0 to 1) and what it is doing; costs next to nothing.

        Raises:
            Stopped: the job is to end here.
        """
        if self.cancelled or self.lost or stopping.shutdown.is_set():
            raise Stopped
        self._news = {"progress": min(max(share, 0.0), 1.0), "message": message[:200]}

    def beat_once(self) -> None:
        """Tell the database what is new, and hear what it has to say."""
        news, self._news = self._news, {}
        try:
            self.lost = self.lost or not held(self.errand, heartbeat_at=timezone.now(), **news)
            wanted = Errand.objects.filter(pk=self.errand.pk, cancel_requested=True)
            self.cancelled = self.cancelled or wanted.exists()
        except DatabaseError:
            # Away for a moment, or, with SQLite, held by the job itself.
            logger.warning("No heartbeat for %s this time", self.errand, exc_info=True)
            connection.close()

    def _beat(self) -> None:
        last = float("-inf")
        try:
            while not self._ended.wait(LOOK_SECONDS):
                if self._news or time.monotonic() - last >= BEAT_SECONDS:
                    self.beat_once()
                    last = time.monotonic()
        finally:
            # The thread's own connection: nobody else would close it.
            connection.close()
