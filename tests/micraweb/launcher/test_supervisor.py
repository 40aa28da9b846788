import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from micraweb.launcher.child import Child
from micraweb.launcher.errors import CannotStart
from micraweb.launcher.supervisor import Supervisor

SLEEP = "import time; time.sleep(60)"
# Takes a moment to end and notes when it did, to the nanosecond of the machine's own clock.
NOTE_END = """
import pathlib, signal, sys, time
def end(*_):
    time.sleep(0.2)
    pathlib.Path(sys.argv[1]).write_text(str(time.monotonic_ns()))
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(60)
"""


def child_of(folder: Path, name: str, code: str, **fields: bool) -> Child:
    note = str(folder / f"{name}.ended")
    command = [sys.executable, "-c", code, note]
    return Child(name, command, os.environ, folder / f"{name}.log", **fields)  # type: ignore[arg-type]


def until(happened: Callable[[], bool], seconds: float = 60.0) -> Callable[[], bool]:
    deadline = time.monotonic() + seconds
    return lambda: happened() or time.monotonic() > deadline


def test_a_child_that_dies_is_started_again_and_the_reason_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append, first_delay=0.1)
    child = child_of(tmp_path, "web", SLEEP)
    supervisor.start(child)
    first = child.process
    assert first is not None
    first.kill()
    supervisor.watch(until(lambda: child.alive and child.process is not first))
    assert child.alive
    assert child.process is not first
    assert said == [s for s in said if s.startswith("web ended by itself (exit code -9)")]
    assert len(said) == 1
    supervisor.end()


def test_a_child_that_keeps_dying_is_started_ever_more_rarely(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append, first_delay=0.1)
    supervisor.start(child_of(tmp_path, "worker", "print('no memory'); raise SystemExit(3)"))
    supervisor.watch(until(lambda: len(said) >= 3))
    supervisor.end()
    assert len(said) >= 3
    assert all("exit code 3" in message and "no memory" in message for message in said)
    lines = (tmp_path / "worker.log").read_text().count("no memory")
    assert lines <= len(said) + 1


def test_delays_double_up_to_half_a_minute(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None, first_delay=1.0)
    child = child_of(tmp_path, "worker", SLEEP)
    child.started_at = time.monotonic()
    delays = [supervisor._next_delay(child, child.started_at + 1.0) for _ in range(7)]
    assert delays == [1, 2, 4, 8, 16, 30, 30]


def test_a_child_that_ran_long_is_started_again_at_once(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None, first_delay=1.0)
    child = child_of(tmp_path, "worker", SLEEP)
    for _ in range(5):
        supervisor._next_delay(child, child.started_at + 1.0)
    assert supervisor._next_delay(child, child.started_at + 3600.0) == 1.0


def test_waiting_stops_with_the_log_when_a_child_dies(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None)
    supervisor.start(child_of(tmp_path, "web", "raise SystemExit('cannot bind')"))
    with pytest.raises(CannotStart, match=r"(?s)web ended by itself.*cannot bind"):
        supervisor.wait_until(lambda: False, seconds=60, what="The page")
    supervisor.end()


def test_waiting_has_an_end(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None)
    supervisor.start(child_of(tmp_path, "web", SLEEP))
    with pytest.raises(CannotStart, match="The page did not answer within 0 s"):
        supervisor.wait_until(lambda: False, seconds=0.1, what="The page")
    supervisor.end()


def test_the_broker_ends_after_those_that_need_it(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None)
    broker = child_of(tmp_path, "broker", NOTE_END, outlives_others=True)
    worker = child_of(tmp_path, "worker", NOTE_END)
    for child in (broker, worker):
        supervisor.start(child)
    supervisor.wait_until(
        lambda: broker.tail() == worker.tail() == "ready", seconds=60, what="The children"
    )
    supervisor.end()
    ended = {n: int((tmp_path / f"{n}.ended").read_text()) for n in ("broker", "worker")}
    assert ended["worker"] < ended["broker"]
    assert not broker.alive
    assert not worker.alive
