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
from django.conf import settings

from annotations.services.queueing import enqueue
from annotations.tasks import import_image

ASK = """
import time, django
django.setup()
from annotations.services.queueing import enqueue
from annotations.tasks import import_image
started = time.monotonic()
for number in range(5):
    enqueue(import_image, number)
print(time.monotonic() - started)
"""


@pytest.fixture
def queue() -> Iterator["redis.Redis"]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()


def test_a_task_carries_an_id_and_nothing_else(queue: "redis.Redis") -> None:
    enqueue(import_image, 7)
    sent = queue.lpop("io")
    assert isinstance(sent, bytes)
    message = json.loads(sent)
    arguments, keywords, _ = json.loads(b64decode(message["body"]))
    assert message["headers"]["task"] == "annotations.import_image"
    assert (arguments, keywords) == ([7], {})


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
