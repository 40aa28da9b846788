"""People who answer over HTTP: each in a process of their own, as fast as they are told to."""

import http.client
import json
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

Cell = tuple[int, int, int]


@dataclass(frozen=True)
class Task:
    """What everybody does: ask for `count` patches, answer them `batch` by `batch`.

    `pace` is how many answers a person gives per second; `seconds` how long they go on.
    """

    port: int
    dataset: int
    structure: int
    seconds: float
    pace: float
    count: int = 60
    batch: int = 30
    order: str = "image"
    # Send again what was not acknowledged, as a browser does.
    patient: bool = False


@dataclass
class Diary:
    """What one person did: seconds that each request took, and what the server took in."""

    answering: list[float] = field(default_factory=list)
    asking: list[float] = field(default_factory=list)
    handed: list[Cell] = field(default_factory=list)
    acknowledged: dict[str, Cell] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


class Person:
    """One client with one connection that stays open."""

    def __init__(self, task: Task, token: str) -> None:
        self.task, self.token, self.diary = task, token, Diary()
        self._http: http.client.HTTPConnection | None = None

    def post(self, what: str, body: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """Seconds and answer; RuntimeError on anything but success."""
        address = f"/api/datasets/{self.task.dataset}/{what}/"
        content = json.dumps(body).encode()
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        start = time.perf_counter()
        response = self._sent(address, content, headers)
        text = response.read()
        seconds = time.perf_counter() - start
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {text[:300].decode(errors='replace')}")
        return seconds, _read(text)

    def _sent(
        self, address: str, content: bytes, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """As a browser does: a connection that the server has closed meanwhile is opened again."""
        again = self._http is not None
        if self._http is None:
            self._http = http.client.HTTPConnection("127.0.0.1", self.task.port, timeout=60)
        try:
            self._http.request("POST", address, content, headers)
            return self._http.getresponse()
        except (OSError, http.client.HTTPException):
            self._http.close()
            self._http = None
            if not again:
                raise
        return self._sent(address, content, headers)

    def ask(self, count: int | None = None, **more: Any) -> list[Cell]:
        body = {
            "structure": self.task.structure,
            "count": self.task.count if count is None else count,
            "order": self.task.order,
        }
        seconds, answer = self._surely("next", body | more)
        self.diary.asking.append(seconds)
        cells = [(one["image"], one["row"], one["column"]) for one in answer["patches"]]
        self.diary.handed += cells
        return cells

    def answer(self, cells: Sequence[Cell]) -> None:
        events = {str(uuid4()): cell for cell in cells}
        answers = [
            {
                "event": event, "image": image, "row": row, "column": column, "value": "yes",
                "structure": self.task.structure, "took_ms": 100,
            }
            for event, (image, row, column) in events.items()
        ]  # fmt: skip
        seconds, _ = self._surely("answers", {"answers": answers})
        self.diary.answering.append(seconds)
        self.diary.acknowledged |= events

    def _surely(self, what: str, body: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """Send until it is acknowledged, where the task wants that."""
        while True:
            try:
                return self.post(what, body)
            except (OSError, http.client.HTTPException, RuntimeError) as error:
                if not self.task.patient:
                    raise
                self.diary.errors.append(str(error))
                time.sleep(0.05)

    def work(self) -> Diary:
        end = time.monotonic() + self.task.seconds
        while time.monotonic() < end:
            cells = self.ask()
            if not cells:
                break
            for start in range(0, len(cells), self.task.batch):
                begun = time.monotonic()
                part = cells[start : start + self.task.batch]
                self.answer(part)
                time.sleep(max(0.0, len(part) / self.task.pace - (time.monotonic() - begun)))
        return self.diary


def _read(text: bytes) -> dict[str, Any]:
    """An answer whose head was cut off seems whole and empty: it tells nothing."""
    try:
        answer: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise RuntimeError("cut in the middle of an answer") from error
    return answer


def _live(task: Task, token: str, begin: Any, bursts: int, diaries: Any) -> None:
    person = Person(task, token)
    try:
        person.ask(0)
        person.diary = Diary()
        begin.wait(120)
        if bursts:
            _burst(person, begin, bursts)
        else:
            # Not all in step with each other.
            time.sleep(task.count / task.pace * (hash(token) % 97) / 97)
            person.work()
    except (OSError, http.client.HTTPException, RuntimeError) as error:
        person.diary.errors.append(f"gave up: {error}")
    diaries.put(person.diary)


def _burst(person: Person, begin: Any, bursts: int) -> None:
    """Ask at the same moment as everybody else, again and again."""
    for _ in range(bursts):
        begin.wait(120)
        person.ask()


def together(
    task: Task, tokens: Sequence[str], *, bursts: int = 0, meanwhile: Any = None
) -> list[Diary]:
    """Let everybody work at once; `meanwhile` is called while they do."""
    context = multiprocessing.get_context("forkserver")
    begin, diaries = context.Barrier(len(tokens)), context.Queue()
    people = [
        context.Process(target=_live, args=(task, token, begin, bursts, diaries))
        for token in tokens
    ]
    for person in people:
        person.start()
    if meanwhile is not None:
        meanwhile()
    written = [diaries.get(timeout=task.seconds + 300) for _ in people]
    for person in people:
        person.join()
    return written
