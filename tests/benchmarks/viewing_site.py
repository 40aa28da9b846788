"""A site of its own with one very large image, served by a real gunicorn, for a benchmark."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

CODE = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60.0
# 20,000 px in patches of 200: a grid of 10,000 cells.
SIDE, PATCH = 20_000, 200


@dataclass(frozen=True)
class Site:
    address: str
    image: int
    # Of a session that may see it: (name, value).
    cookie: tuple[str, str]


@contextmanager
def large_image_site(folder: Path) -> Iterator[Site]:
    """Set up a site in an empty folder and serve it until the end of the block."""
    os.environ |= {
        "MICRAWEB_DATA": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "micraweb.settings",
    }
    image, cookie = _set_up()
    port = _free_port()
    server = _serve(port, folder / "web.log")
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server)
        yield Site(address, image, cookie)
    finally:
        server.terminate()
        server.wait(30)


def _set_up() -> tuple[int, tuple[str, str]]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from tests import factories
    from tests.support.large import make_large
    from tests.support.pages import signed_in

    call_command("migrate", verbosity=0)
    alice = factories.make_user("alice")
    project = factories.make_project(manager=alice)
    factories.make_structure(project=project)
    image = make_large(factories.make_dataset(project=project, patch_size=PATCH), side=SIDE)
    name = settings.SESSION_COOKIE_NAME
    return image.pk, (name, signed_in(alice).cookies[name].value)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _serve(port: int, log: Path) -> subprocess.Popen[bytes]:
    """The web process as the launcher starts it."""
    from micraweb.launcher.site import WEB_THREADS

    command = [sys.executable, "-m", "gunicorn", "micraweb.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", str(WEB_THREADS)]
    with log.open("wb") as output:
        return subprocess.Popen(command, cwd=CODE, stdout=output, stderr=subprocess.STDOUT)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if requests.get(f"{address}/health/", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise RuntimeError("The web server did not start.")
