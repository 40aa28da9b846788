"""A pytest plugin: real PostgreSQL and a real Redis-compatible server, for the tests alone.

It is named in addopts (`-p tests.servers`) because the addresses must be in the environment
before pytest-django reads the settings. With pytest-xdist the servers start once, in the process
that distributes; each worker has a database and a queue of its own on them.

MICRAWEB_TEST_DATABASE_URL and MICRAWEB_TEST_REDIS_URL name servers that run already.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.postgres import start_postgres
from tests.support.queue import start_queue

STARTED = "MICRAWEB_TEST_SERVERS"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Run before pytest-django's own hook, which reads the settings: wrappers come first."""
    if STARTED not in os.environ:
        _start_servers(early_config)
    _take_own_share()
    yield


def _start_servers(config: pytest.Config) -> None:
    folder = Path(tempfile.mkdtemp(prefix="micraweb-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ[STARTED] = str(folder)
    config.add_cleanup(lambda: os.environ.__delitem__(STARTED))
    database = os.environ.get("MICRAWEB_TEST_DATABASE_URL")
    os.environ["DATABASE_URL"] = database or start_postgres(folder, config.add_cleanup)
    queue = os.environ.get("MICRAWEB_TEST_REDIS_URL")
    os.environ["REDIS_URL"] = queue or start_queue(folder, config.add_cleanup)


def _take_own_share() -> None:
    """Give this process a queue and a data folder that no other one uses."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    data = Path(os.environ[STARTED]) / f"data-{worker}"
    data.mkdir(parents=True, exist_ok=True)
    os.environ["MICRAWEB_DATA"] = str(data)
    server, _, _ = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{int(worker.removeprefix('gw')) % 16}"
    # A shell that has these set for a site of its own must not change what the tests see.
    for name in (
        "DEBUG",
        "ALLOWED_HOSTS",
        "EMAIL_URL",
        "BEHIND_HTTPS",
        "SECRET_KEY",
        "STORAGE_URL",
    ):
        os.environ.pop(name, None)
