"""How far a table has been read to which rows are only added."""

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from annotations.services.statements import Part, table

# A row may become visible after later ones: those of the last seconds are looked at again, and so
# many in any case after the first look.
OVERLAP_SECONDS = 5.0
OVERLAP_ROWS = 5000


@dataclass
class Marks:
    """By the rows' numbers, which grow.

    Attributes:
        start: what is new is later than this row.
        read: rows after it that have been read all the same.
    """

    start: int = 0
    read: set[int] = field(default_factory=set)
    # (time, newest row then), oldest first.
    _seen: deque[tuple[float, int]] = field(default_factory=deque)

    @classmethod
    def at(cls, newest: int | None) -> "Marks":
        """Everything that can be seen up to this row is known, of the last ones not which."""
        now, newest = time.monotonic(), newest or 0
        start = max(0, newest - OVERLAP_ROWS)
        return cls(start, set(), deque([(now, start), (now, newest)]))

    def advance(self) -> None:
        """Let go of what was read so long ago that nothing can come before it any more."""
        now = time.monotonic()
        while len(self._seen) > 1 and now - self._seen[1][0] > OVERLAP_SECONDS:
            self._seen.popleft()
        if self._seen[0][1] > self.start:
            self.start = self._seen[0][1]
            self.read = {row for row in self.read if row > self.start}

    def note(self, rows: Iterable[int], upto: int = 0) -> None:
        """These have been read now, and whatever can be seen up to them and `upto`."""
        self.read.update(rows)
        newest = max(upto, max(self.read, default=0))
        if newest > self._seen[-1][1]:
            self._seen.append((time.monotonic(), newest))


def already_read(marks: Iterable[Marks]) -> Part:
    """A common table expression `seen` of rows that need not be read again."""
    return table("seen", ("id",), [(row,) for own in marks for row in own.read])
