"""The whole site, started as a person starts it: SQLite, its own broker, web, worker and clock."""

import json
import os
import signal
import socket
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import sql

from micraweb.launcher.health import is_up
from micraweb.launcher.lock import sole_user_of
from micraweb.launcher.ports import unused_port
from tests.support.site import up

pytestmark = pytest.mark.slow


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


@pytest.fixture
def database() -> Iterator[str]:
    """An empty PostgreSQL database beside those of the other tests."""
    server = os.environ["DATABASE_URL"]
    name = f"up_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_the_site_runs_on_a_database_and_a_queue_that_are_given(
    tmp_path: Path, database: str
) -> None:
    port = unused_port()
    given = {"DATABASE_URL": database, "REDIS_URL": os.environ["REDIS_URL"]}
    with up(tmp_path, "--no-demo", "--port", str(port), **given) as site:
        site.read_until("micraweb runs at")
        assert get(f"http://127.0.0.1:{port}/health/")[0] == 200
        assert not any("valkey" in process.name() for process in site.family())
        with psycopg.connect(database) as connection:
            tables = connection.execute("select count(*) from annotations_label").fetchone()
    assert tables == (0,)
    assert not (tmp_path / "db.sqlite3").exists()
    assert not (tmp_path / "queue").exists()


def test_a_database_that_does_not_answer_is_refused_in_one_line(tmp_path: Path) -> None:
    address = f"postgres://nobody@127.0.0.1:{unused_port()}/none"
    with up(tmp_path, DATABASE_URL=address) as site:
        site.read_until("Cannot use the database")
        assert site.process.wait(20) == 1
        assert len(site.lines) == 1


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
        deadline = time.monotonic() + 60
        while not is_up(f"http://127.0.0.1:{port}") and time.monotonic() < deadline:
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
