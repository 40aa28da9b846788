"""A real Celery worker beside a test."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

from micraweb.celery import app
from micraweb.launcher.child import Child
from micraweb.launcher.site import QUEUES

SECONDS_TO_START = 120.0


@dataclass(frozen=True)
class Worker:
    """A worker process; `wait_for` is how a test waits for what it does."""

    child: Child

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["Worker"]:
        """Start a worker on the present test database with an empty queue, and end it."""
        redis.Redis.from_url(settings.REDIS_URL).flushdb()
        with tempfile.TemporaryDirectory(prefix="micraweb-worker-") as folder:
            worker = cls(_child(Path(folder) / "worker.log"))
            try:
                worker.child.start()
                worker.wait_for(_answers, seconds=SECONDS_TO_START, what="the worker to start")
                yield worker
            finally:
                worker.child.ask_to_end()
                worker.child.end()

    def wait_for(self, done: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Wait until `done`; fail with the end of the worker's log when it does not happen."""
        deadline = time.monotonic() + seconds
        while not done():
            late = time.monotonic() > deadline
            if late or not self.child.alive:
                reason = f"waited {seconds:.0f} s for {what}" if late else "the worker died"
                raise AssertionError(f"{reason}; its log ends:\n{self.child.tail(40)}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End the worker as a power cut would."""
        assert self.child.process is not None
        self.child.process.kill()
        self.child.process.wait()


def database_url() -> str:
    """The address of the database that this test runs on, not of the one it was made from."""
    given = connection.settings_dict
    login = quote(given["USER"], safe="")
    if given["PASSWORD"]:
        login += ":" + quote(given["PASSWORD"], safe="")
    return f"postgres://{login}@{given['HOST']}:{given['PORT']}/{quote(given['NAME'], safe='')}"


def _child(log: Path) -> Child:
    return Child(
        name="worker",
        command=[
            sys.executable, "-m", "celery", "-A", "micraweb", "worker", "--pool", "threads",
            "--concurrency", "2", "--queues", QUEUES, "--without-gossip", "--without-mingle",
        ],
        environment={
            **os.environ,
            "DATABASE_URL": database_url(),
            "OMP_NUM_THREADS": "2",
            "OMP_WAIT_POLICY": "PASSIVE",
        },
        log=log,
        folder=settings.BASE_DIR,
        grace=5.0,
    )  # fmt: skip


def _answers() -> bool:
    return bool(app.control.ping(timeout=0.5))
