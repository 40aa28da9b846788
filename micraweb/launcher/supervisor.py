"""Keep several children running, and end them all."""

import time
from collections.abc import Callable

from micraweb.launcher.child import Child
from micraweb.launcher.errors import CannotStart

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
# A child that ran this long was healthy: what ended it is news, not the same failure again.
HEALTHY_AFTER = 60.0
POLL = 0.2


class Supervisor:
    """Starts children, starts them again when they die, and ends them in reverse order."""

    def __init__(self, say: Callable[[str], None], *, first_delay: float = FIRST_DELAY) -> None:
        self.children: list[Child] = []
        self._say = say
        self._first_delay = first_delay
        self._delays: dict[str, float] = {}
        self._restart_at: dict[str, float] = {}

    def start(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Wait for `ready`, but not for something that a dead child can no longer bring about."""
        deadline = time.monotonic() + seconds
        while not ready():
            for child in self.children:
                if not child.alive:
                    raise CannotStart(self._obituary(child))
            if time.monotonic() > deadline:
                raise CannotStart(f"{what} did not answer within {seconds:.0f} s.")
            time.sleep(0.05)

    def watch(self, should_end: Callable[[], bool]) -> None:
        """Look after the children until `should_end`."""
        while not should_end():
            for child in self.children:
                self._look_after(child)
            time.sleep(POLL)

    def end(self) -> None:
        """End every child; the broker, which the others need to end well, comes last."""
        for last in (False, True):
            group = [child for child in self.children if child.outlives_others is last]
            for child in group:
                child.ask_to_end()
            for child in group:
                child.end()
        self.children.clear()

    def _look_after(self, child: Child) -> None:
        if child.alive:
            return
        now = time.monotonic()
        if child.name not in self._restart_at:
            # What the dead process itself had started would keep its port and its files.
            child.end()
            delay = self._next_delay(child, now)
            self._restart_at[child.name] = now + delay
            self._say(f"{self._obituary(child)}\nStarting {child.name} again in {delay:.0f} s.")
        elif now >= self._restart_at[child.name]:
            del self._restart_at[child.name]
            child.start()

    def _next_delay(self, child: Child, now: float) -> float:
        before = self._delays.get(child.name)
        if before is None or now - child.started_at > HEALTHY_AFTER:
            delay = self._first_delay
        else:
            delay = min(2 * before, LONGEST_DELAY)
        self._delays[child.name] = delay
        return delay

    def _obituary(self, child: Child) -> str:
        return (
            f"{child.name} ended by itself (exit code {child.exit_code}). "
            f"Last lines of {child.log}:\n{child.tail()}"
        )
