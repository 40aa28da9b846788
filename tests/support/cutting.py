"""A bad network: each connection is cut at some byte, as long as there are cuts to be made."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.proxy import Judge, Proxy, serving

# Where a connection may be cut, in bytes sent: within a batch of answers, within what is told back.
ASKED, TOLD = 5000, 600


@dataclass
class CuttingProxy(Proxy):
    """Each connection is cut, on the way there or back, until `left` is 0."""

    left: int = 0
    chance: random.Random = field(default_factory=random.Random)

    def judge(self) -> Judge:
        back = self.chance.random() < 0.5
        # After 0 bytes of what is told: all was done and nothing of it is heard.
        rest = self.chance.randrange(TOLD) if back else self.chance.randrange(1, ASKED)

        def judged(is_back: bool, data: bytes) -> int | None:
            nonlocal rest
            if is_back != back:
                return None
            if len(data) > rest and self._cuts(is_back):
                return rest
            rest = max(0, rest - len(data))
            return None

        return judged

    def _cuts(self, is_back: bool) -> bool:
        """Whether there is a cut to be made, which is noted."""
        with self._lock:
            self.left -= 1
            cut = self.left >= 0
            if cut:
                self._note(is_back)
            return cut


@contextmanager
def cutting(server: int, *, cuts: int, seed: int) -> Iterator[CuttingProxy]:
    """A proxy in front of a port of this machine."""
    with serving(CuttingProxy(server, left=cuts, chance=random.Random(seed))) as proxy:
        yield proxy
