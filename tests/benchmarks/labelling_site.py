"""A site for a benchmark: a real database, real gunicorn, data of its own that go afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from micraweb.launcher.health import is_up
from micraweb.launcher.orphans import dies_with_parent
from micraweb.launcher.ports import unused_port
from tests.support.postgres import FLAGS, start_postgres

CODE = Path(__file__).resolve().parents[2]
# As a lab would run it: what is acknowledged is on the disk.
DURABLE = {
    **{key: FLAGS[key] for key in ("listen_addresses", "unix_socket_directories")},
    "max_connections": "100",
    "shared_buffers": "512MB",
}
SECONDS_TO_START = 60.0


@dataclass
class Site:
    """Where the server listens, and how to start it again."""

    folder: Path
    port: int
    workers: int
    threads: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start gunicorn as the Dockerfile does, and wait until it answers."""
        command = [
            sys.executable, "-m", "gunicorn", "micraweb.wsgi", "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--workers", str(self.workers),
            "--threads", str(self.threads), "--timeout", "120", "--no-control-socket",
        ]  # fmt: skip
        with (self.folder / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=CODE,
                stdout=log,
                stderr=log,
                env=os.environ,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not is_up(self.address):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "web.log").read_text()[-3000:])
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server and all its workers in the middle of whatever they do."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def site(*, database: str, workers: int = 2, threads: int = 8) -> Iterator[Site]:
    """A migrated database, `postgres` or `sqlite`, and Django set up on it; no server yet."""
    folder = Path(tempfile.mkdtemp(prefix="micraweb-labelling-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ["MICRAWEB_DATA"] = str(folder / "data")
        os.environ["LOG_LEVEL"] = "ERROR"
        (folder / "data").mkdir()
        os.environ["DATABASE_URL"] = _address(database, folder, stack)
        _set_up()
        running = Site(folder=folder, port=unused_port(), workers=workers, threads=threads)
        stack.callback(running.kill)
        yield running


def _address(database: str, folder: Path, stack: ExitStack) -> str:
    if database == "sqlite":
        return f"sqlite:///{folder}/data/db.sqlite3"

    def add_cleanup(act: Callable[[], None]) -> None:
        stack.callback(act)

    return start_postgres(folder, add_cleanup, DURABLE)


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "micraweb.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
