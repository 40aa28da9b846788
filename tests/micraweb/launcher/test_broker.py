import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from micraweb.launcher import broker
from micraweb.launcher.child import Child
from micraweb.launcher.errors import CannotStart
from micraweb.launcher.ports import unused_port
from micraweb.launcher.supervisor import Supervisor


def start(folder: Path) -> tuple[Supervisor, Child, str]:
    child, url = broker.own_broker(folder=folder, logs=folder, environment=os.environ)
    supervisor = Supervisor(lambda _: None)
    supervisor.start(child)
    supervisor.wait_until(lambda: broker.answers(url), seconds=60, what="The broker")
    return supervisor, child, url


def test_what_waits_in_the_queue_survives_a_restart(tmp_path: Path) -> None:
    supervisor, _, url = start(tmp_path)
    redis.Redis.from_url(url).rpush("compute", "train 7")
    supervisor.end()
    supervisor, _, url = start(tmp_path)
    assert redis.Redis.from_url(url).lpop("compute") == b"train 7"
    supervisor.end()


def test_the_own_broker_refuses_whoever_has_no_password(tmp_path: Path) -> None:
    supervisor, _, url = start(tmp_path)
    address = urlsplit(url)
    assert not broker.answers(f"redis://127.0.0.1:{address.port}/0")
    supervisor.end()


def test_the_password_is_readable_by_its_owner_alone_and_not_in_the_command(tmp_path: Path) -> None:
    child, url = broker.own_broker(folder=tmp_path, logs=tmp_path, environment={})
    password = urlsplit(url).password
    assert password
    assert password not in " ".join(child.command)
    mode = stat.S_IMODE((tmp_path / "broker.conf").stat().st_mode)
    assert mode == 0o600


def test_a_given_broker_that_answers_is_accepted(tmp_path: Path) -> None:
    supervisor, _, url = start(tmp_path)
    broker.check_given(url)
    supervisor.end()


def test_a_given_broker_that_is_silent_is_an_error() -> None:
    with pytest.raises(CannotStart, match="No broker answers at REDIS_URL"):
        broker.check_given(f"redis://127.0.0.1:{unused_port()}/0")


def test_an_address_that_is_none_is_an_error() -> None:
    with pytest.raises(CannotStart, match="REDIS_URL is not an address"):
        broker.check_given("localhost:6379")


def test_without_the_wheel_a_server_on_path_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = tmp_path / "redis-server"
    server.write_text("#!/bin/sh\n")
    server.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(broker, "find_spec", lambda name: None)
    assert broker.server_binary() == server


def test_without_any_server_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(broker, "find_spec", lambda name: None)
    with pytest.raises(CannotStart, match=r"install valkey-server.*REDIS_URL"):
        broker.server_binary()
