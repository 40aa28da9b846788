"""Handing work to the workers."""

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.conf import settings

from annotations.services import queueing
from annotations.services.queueing import IMPORT_IMAGE, enqueue
from inference.services.queueing import COMPUTE_RUN, EXPORT_RUN

ASK = """
import time, django
django.setup()
from annotations.services.queueing import IMPORT_IMAGE, enqueue
started = time.monotonic()
for number in range(5):
    enqueue(IMPORT_IMAGE, number)
print(time.monotonic() - started)
"""


@pytest.fixture
def queue() -> Iterator["redis.Redis"]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()


def test_a_task_carries_an_id_and_nothing_else(queue: "redis.Redis") -> None:
    enqueue(IMPORT_IMAGE, 7)
    sent = queue.lpop("io")
    assert isinstance(sent, bytes)
    message = json.loads(sent)
    arguments, keywords, _ = json.loads(b64decode(message["body"]))
    assert message["headers"]["task"] == "annotations.import_image"
    assert (arguments, keywords) == ([7], {})


def test_every_name_that_is_sent_is_a_task() -> None:
    current_app.loader.import_default_modules()
    names = {value for name, value in vars(queueing).items() if name.isupper()}
    assert len(names) == 6
    assert names | {COMPUTE_RUN, EXPORT_RUN} <= set(current_app.tasks)


def test_nobody_waits_for_a_queue_that_is_down(tmp_path: Path) -> None:
    # Nothing listens on port 1. Another process, because this one keeps its connections.
    environment = {
        **os.environ,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "MICRAWEB_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "micraweb.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 5
    assert done.stderr.count("waits for the sweep") == 5
