"""What breaks down while a person answers, and how it comes back."""

import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.benchmarks.interruptions_person import Person
from tests.benchmarks.whole_site import WholeSite
from tests.support.line import Line

KINDS = ("line", "browser", "server")
# Answers before it happens and while it lasts, one by one.
BEFORE, WHILE = (3, 20), (5, 25)
DEAD_SECONDS = (0.5, 3.0)
# Answers given in vain before it is found that none is sent.
MOST_ANSWERS = 1000


@dataclass
class Rounds:
    """One after the other; each ends when the page says that all is saved."""

    site: WholeSite
    line: Line
    person: Person
    chance: random.Random
    _played: Counter[str] = field(default_factory=Counter)
    _waiting: Counter[str] = field(default_factory=Counter)
    _slowest: float = 0.0

    def play(self, kind: str) -> None:
        """Answer, break down, go on, and wait until everything has arrived."""
        self._answer(BEFORE)
        if self.chance.random() < 0.5:
            self.person.rest_is_no()
            self.person.turn()
        {"line": self._line, "browser": self._browser, "server": self._server}[kind]()
        start = time.monotonic()
        self.person.wait_until_saved()
        self._slowest = max(self._slowest, time.monotonic() - start)
        self._played[kind] += 1

    def counts(self) -> dict[str, float]:
        """What happened how often, and what had not arrived when it did."""
        return {
            **{f"rounds_{kind}": self._played[kind] for kind in KINDS},
            "cut_while_asking": self.line.cut_there,
            "cut_while_told": self.line.cut_back,
            **{f"waiting_{kind}": self._waiting[kind] for kind in KINDS},
            "saved_after_s": round(self._slowest, 2),
        }

    def _line(self) -> None:
        self.line.cut_during(f"POST /api/datasets/{self.person.dataset}/answers/".encode())
        for _ in range(MOST_ANSWERS):
            if self.line.dead.is_set():
                break
            self.person.answer(1)
        self._answer(WHILE)
        self._note("line")
        time.sleep(self.chance.uniform(*DEAD_SECONDS))
        self.line.mend()

    def _browser(self) -> None:
        without_line = self._played["browser"] % 2 == 1
        if without_line:
            self.line.cut()
        self._answer(WHILE)
        self.person.press_unseen()
        self._note("browser")
        self.person.vanish()
        self.line.mend()
        self.person.come()

    def _server(self) -> None:
        os.killpg(self.site.up.child("gunicorn").pid, signal.SIGKILL)
        self._answer(WHILE)
        self._note("server")

    def _answer(self, between: tuple[int, int]) -> None:
        self.person.answer(self.chance.randrange(*between))

    def _note(self, kind: str) -> None:
        diary = self.person.diary
        self._waiting[kind] += len(diary.queued - diary.acknowledged)
