"""`manage.py up`: the whole site on one machine, with nothing else installed."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.services.first_account import first_account
from micraweb.launcher.errors import CannotStart
from micraweb.launcher.options import Options
from micraweb.launcher.run import run


class Command(BaseCommand):
    help = "Starts broker, web server and worker, and ends them all on Ctrl-C."
    # The checks touch every app, and web and worker make them again when they start.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=_port, help="default: 8000, or the next free one")
        parser.add_argument("--images", type=Path, help="start with a data set of this folder")
        parser.add_argument("--no-demo", action="store_true", help="do not load the demo project")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Options(
            code=settings.BASE_DIR,
            data=settings.DATA_ROOT,
            host=options["host"],
            port=options["port"],
            images=options["images"],
            demo=not options["no_demo"],
        )
        self._demo = chosen.demo
        try:
            run(chosen, say=self._say, ready=self._ready)
        except CannotStart as error:
            raise CommandError(str(error)) from None

    def _say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()

    def _ready(self, address: str) -> None:
        account = first_account() if self._demo else None
        self._say(f"\nmicraweb runs at {address}")
        if account is not None:
            self._say(f"Sign in as {account[1].username} with the password {account[1].password}")
        self._say(f"Data and logs are in {settings.DATA_ROOT}. Ctrl-C ends it.\n")


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)
