"""A line that goes dead in the middle of a request, and stays so until it is mended."""

import random
import threading
from dataclasses import dataclass, field

from tests.support.proxy import Judge, Proxy

# Where a request may be cut, in bytes from its beginning; a shorter one is cut as it is answered.
WITHIN = 3000


@dataclass
class Line(Proxy):
    """Passes everything on; after `cut_during`, until the next such request."""

    chance: random.Random = field(default_factory=random.Random)
    # Set while nothing passes.
    dead: threading.Event = field(default_factory=threading.Event)
    _awaited: bytes = b""

    def cut_during(self, request: bytes) -> None:
        """Die in the next request that begins with these bytes, on its way there or back."""
        self._awaited = request

    def cut(self) -> None:
        """Die now."""
        self.dead.set()
        self.hang_up()

    def mend(self) -> None:
        """Pass everything on again."""
        self._awaited = b""
        self.dead.clear()

    def judge(self) -> Judge | None:
        # Bytes that still pass on the way there; None as long as this connection is none to cut.
        rest: int | None = None

        def judged(is_back: bool, data: bytes) -> int | None:
            nonlocal rest
            if self.dead.is_set():
                return 0
            if not is_back and self._begins(data):
                rest = self.chance.randrange(1, WITHIN)
            if rest is None:
                return None
            if is_back:
                return self._died(is_back, self.chance.randrange(len(data)))
            if len(data) > rest:
                return self._died(is_back, rest)
            rest -= len(data)
            return None

        return None if self.dead.is_set() else judged

    def _begins(self, data: bytes) -> bool:
        with self._lock:
            begins = self._awaited != b"" and data.startswith(self._awaited)
            if begins:
                self._awaited = b""
            return begins

    def _died(self, is_back: bool, passing: int) -> int:
        with self._lock:
            self._note(is_back)
        self.dead.set()
        return passing
