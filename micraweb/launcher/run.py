"""The order in which the site starts, and its end."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from django.core.management import call_command
from django.db import OperationalError, connections

from micraweb.launcher import broker, health, site
from micraweb.launcher.errors import CannotStart
from micraweb.launcher.loading import load
from micraweb.launcher.lock import sole_user_of
from micraweb.launcher.options import Options
from micraweb.launcher.ports import DEFAULT_PORT, choose_port
from micraweb.launcher.supervisor import Supervisor

SECONDS_TO_START = 90.0
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(options: Options, *, say: Callable[[str], None], ready: Callable[[str], None]) -> None:
    """Run the site until Ctrl-C or SIGTERM; call `ready` with the address once it answers."""
    if options.images is not None and not options.images.is_dir():
        raise CannotStart(f"{options.images} is not a folder; IMAGES must name a folder of images.")
    with sole_user_of(options.data), _signals_as_interrupts():
        supervisor = Supervisor(say)
        try:
            place = _start(options, supervisor, say)
            ready(place.address)
            supervisor.watch(lambda: False)
        except KeyboardInterrupt:
            say("Ending.")
        finally:
            _ignore_signals()
            supervisor.end()


def _start(options: Options, supervisor: Supervisor, say: Callable[[str], None]) -> site.Site:
    """Start everything; return when the page answers and has what was asked for."""
    port = choose_port(options.host, options.port)
    if options.port is None and port != DEFAULT_PORT:
        say(f"Port {DEFAULT_PORT} is in use; taking {port}.")
    place = site.Site(code=options.code, data=options.data, host=options.host, port=port)
    environment = place.environment(os.environ, _start_broker(place, supervisor))
    _migrate()
    supervisor.start(site.web(place, environment))
    supervisor.start(site.worker(place, environment))
    load(options, place, environment, say)
    supervisor.wait_until(
        lambda: health.is_up(place.address), seconds=SECONDS_TO_START, what=place.address
    )
    supervisor.start(site.clock(place, environment))
    return place


def _start_broker(place: site.Site, supervisor: Supervisor) -> str:
    """Return the address of a broker that answers."""
    if given := os.environ.get("REDIS_URL"):
        broker.check_given(given)
        return given
    child, url = broker.own_broker(
        folder=place.data / "queue", logs=place.logs, environment=os.environ
    )
    supervisor.start(child)
    supervisor.wait_until(lambda: broker.answers(url), seconds=SECONDS_TO_START, what="The broker")
    return url


def _migrate() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise CannotStart(f"Cannot use the database: {reason}") from None
    finally:
        connections.close_all()


@contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    """Make SIGTERM and a closed terminal end the site as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in ENDING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """An impatient second Ctrl-C must not leave children behind: their end is bounded anyway."""
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
