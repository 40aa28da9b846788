"""What a site has in it when it starts: the demo projects, and a folder of images."""

import time
from collections.abc import Callable, Mapping

from django.db import connections

from annotations.services.first_account import first_account
from micraweb.launcher import site
from micraweb.launcher.child import Child
from micraweb.launcher.options import Options

# A large folder on a slow disk takes long; this is a bound, not an expectation.
SECONDS_TO_LOAD = 3600.0


def load(
    options: Options,
    place: site.Site,
    environment: Mapping[str, str],
    say: Callable[[str], None],
) -> None:
    """Load the demo projects on a new site, and the folder of images if one was named.

    Each is a process of its own, beside the web server and the worker that start meanwhile.
    """
    loaded = options.data / "demo_loaded"
    if options.demo and not loaded.exists() and _is_new_site():
        say("Loading the demo projects.")
        if _succeeds(site.command(place, environment, "load_demo"), say):
            loaded.touch()
    if options.images is not None:
        folder = str(options.images.resolve())
        say(f"Adding the images of {folder}.")
        child = site.command(place, environment, "import_folder", folder)
        if _succeeds(child, say):
            say(child.tail())


def _is_new_site() -> bool:
    """Tell whether nobody has an account here but the one that the demo is for."""
    try:
        return first_account() is not None
    finally:
        connections.close_all()


def _succeeds(child: Child, say: Callable[[str], None]) -> bool:
    """Run a command to its end; say what went wrong when it fails. The site runs on without it."""
    deadline = time.monotonic() + SECONDS_TO_LOAD
    try:
        child.start()
        while child.alive and time.monotonic() < deadline:
            time.sleep(0.05)
        done = child.exit_code == 0
    finally:
        child.ask_to_end()
        child.end()
    if not done:
        say(f"{child.name} failed; the site runs on without it. Last lines of {child.log}:")
        say(child.tail())
    return done
