"""A whole site as `manage.py up` starts it, and this process set up on its database."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from micraweb.launcher.ports import unused_port
from tests.support.site import Up, up

if TYPE_CHECKING:
    from annotations.models import User


@dataclass(frozen=True)
class WholeSite:
    up: Up
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def whole_site(data: Path) -> Iterator[WholeSite]:
    """Start a site on an empty folder, without examples, and end it with the block."""
    port = unused_port()
    with up(data, "--no-demo", "--port", str(port)) as running:
        running.read_until("micraweb runs at")
        # What it says from now on is of no interest, but must not fill the pipe.
        threading.Thread(target=_drain, args=[running], daemon=True).start()
        os.environ |= {
            "MICRAWEB_DATA": str(data),
            "DATABASE_URL": f"sqlite:///{data}/db.sqlite3",
            "DJANGO_SETTINGS_MODULE": "micraweb.settings",
            # The synchronous interface of Playwright runs a loop in this thread.
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        }
        import django

        django.setup()
        yield WholeSite(running, port)


def cookie_of(user: "User") -> tuple[str, str]:
    """(name, value) of a session of the user."""
    from django.conf import settings

    from tests.support.pages import signed_in

    name = settings.SESSION_COOKIE_NAME
    return name, signed_in(user).cookies[name].value


def _drain(running: Up) -> None:
    assert running.process.stdout is not None
    for _ in running.process.stdout:
        pass
