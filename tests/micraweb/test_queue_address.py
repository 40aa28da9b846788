"""How a command beside the running site finds its queue."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from micraweb.launcher import broker
from micraweb.queue_address import DEFAULT, configuration, queue_address
from tests.support.site import CODE, FOREIGN


def test_the_address_is_that_of_the_broker_that_the_site_started(tmp_path: Path) -> None:
    _, url = broker.own_broker(folder=tmp_path / "queue", logs=tmp_path, environment={})
    assert queue_address(tmp_path) == url
    assert stat.S_IMODE(configuration(tmp_path).stat().st_mode) == 0o600


def test_without_a_site_it_is_that_of_a_service(tmp_path: Path) -> None:
    assert queue_address(tmp_path) == DEFAULT
    configuration(tmp_path).parent.mkdir()
    configuration(tmp_path).write_text("bind 127.0.0.1\n")
    assert queue_address(tmp_path) == DEFAULT


def test_settings_take_what_is_named_before_what_is_found(tmp_path: Path) -> None:
    _, url = broker.own_broker(folder=tmp_path / "queue", logs=tmp_path, environment={})
    assert _settings_say(tmp_path) == url
    assert _settings_say(tmp_path, REDIS_URL="redis://elsewhere/3") == "redis://elsewhere/3"


def _settings_say(data: Path, **given: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    command = "from micraweb import settings; print(settings.CELERY_BROKER_URL)"
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=CODE,
        env={**kept, **given, "MICRAWEB_DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
