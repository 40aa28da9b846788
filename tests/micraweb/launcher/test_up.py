"""The whole site, started as a person starts it: SQLite, its own broker, web, worker and clock."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from micraweb.launcher.lock import sole_user_of
from micraweb.launcher.ports import unused_port

pytestmark = pytest.mark.slow
OWN = ("DATABASE_URL", "REDIS_URL", "MICRAWEB_DATA")


@dataclass
class Up:
    """A running `manage.py up`."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read_until(self, text: str, *, seconds: float = 120.0) -> str:
        """Return the first line of output that holds `text`."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + seconds
        while line := self.process.stdout.readline():
            self.lines.append(line)
            if text in line:
                return line
            assert time.monotonic() < deadline, self.lines
        raise AssertionError(f"ended without saying {text!r}: {''.join(self.lines)}")

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """Return the direct child whose command has all these words."""
        for process in psutil.Process(self.process.pid).children():
            if all(any(word in part for part in process.cmdline()) for word in words):
                return process
        raise AssertionError(f"no child with {words}")


@contextmanager
def up(data: Path, *arguments: str) -> Iterator[Up]:
    environment = {key: value for key, value in os.environ.items() if key not in OWN}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", *arguments],
        cwd=settings.BASE_DIR,
        env={**environment, "MICRAWEB_DATA": str(data), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Up(process)
    finally:
        process.terminate()
        process.wait(60)


def get(address: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.status, answer.read()


def gone(processes: list[psutil.Process], seconds: float = 20.0) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return not alive


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_site_answers_and_ends_with_all_its_children(
    tmp_path: Path, ending: signal.Signals
) -> None:
    port = unused_port()
    with up(tmp_path, "--no-demo", "--port", str(port)) as site:
        assert f"http://127.0.0.1:{port}" in site.read_until("micraweb runs at")
        status, body = get(f"http://127.0.0.1:{port}/health/")
        assert status == 200
        assert json.loads(body)
        family = site.family()
        assert len(family) >= 4
        site.process.send_signal(ending)
        assert site.process.wait(30) == 0
        assert gone(family, 1.0)


def test_nothing_is_left_when_the_launcher_is_killed(tmp_path: Path) -> None:
    with up(tmp_path, "--no-demo", "--port", str(unused_port())) as site:
        site.read_until("micraweb runs at")
        family = site.family()
        site.process.kill()
        assert gone(family)


def test_a_web_server_that_dies_is_started_again(tmp_path: Path) -> None:
    port = unused_port()
    with up(tmp_path, "--no-demo", "--port", str(port)) as site:
        site.read_until("micraweb runs at")
        site.child("gunicorn").kill()
        site.read_until("web ended by itself (exit code -9)")
        site.read_until("Starting web again")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert get(f"http://127.0.0.1:{port}/health/")[0] == 200


def test_a_second_site_on_the_same_data_is_refused_in_one_line(tmp_path: Path) -> None:
    with sole_user_of(tmp_path), up(tmp_path) as second:
        second.read_until("already runs on")
        assert second.process.wait(20) == 1
        assert len(second.lines) == 1


def test_a_port_in_use_is_refused_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with up(tmp_path, "--port", str(port)) as site:
            site.read_until(f"Port {port} is in use")
            assert site.process.wait(20) == 1
            assert len(site.lines) == 1


def test_a_folder_of_images_that_does_not_exist_is_refused_in_one_line(tmp_path: Path) -> None:
    with up(tmp_path, "--images", str(tmp_path / "nowhere")) as site:
        site.read_until("nowhere is not a folder")
        assert site.process.wait(20) == 1
        assert len(site.lines) == 1
