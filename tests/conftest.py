"""Fixtures for every test."""

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from annotations import storage
from annotations.bucket import Bucket
from tests.support.bucket import make_bucket, start_bucket_server
from tests.support.worker import Worker

SHARED_DATA = "MICRAWEB_SHARED_DATA"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they ask for, so that nobody has to say it twice."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "shared_data" in names:
            item.add_marker(pytest.mark.shared_data)
        # Every fixture of the browser asks for this one.
        if "browser" in names:
            item.add_marker(pytest.mark.e2e)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("gpu") is None:
        return
    import torch

    if not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as the site on one machine has it.

    Django would test in memory, where connections do not wait for each other but fail.
    """
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process keeps of the database is of this test alone.

    A test that is rolled back leaves nothing in the database, and SQLite gives its keys to the
    next one: what was kept under them would be taken for the next one's.
    """
    for module in ("tallies", "expectations", "pace", "patches.looks"):
        monkeypatch.setattr(f"annotations.services.{module}._kept", OrderedDict())
    monkeypatch.setattr("annotations.api.image_list._kept", OrderedDict())


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon: what a test counts as of today, or of this week, is not parted by a midnight."""
    began = timezone.now()
    noon = began.replace(hour=12, minute=0, second=0, microsecond=0)
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: noon + (now() - began))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real images that are no part of this repository."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get(SHARED_DATA, default))
    if not folder.is_dir():
        pytest.skip(f"no shared images at {folder}; name their folder in {SHARED_DATA}")
    return folder


@pytest.fixture
def data_root(settings: Settings, tmp_path: Path) -> Path:
    """An empty data folder for this test and this process.

    Not for tests with a worker: that is another process, which keeps the folder of the session.
    """
    settings.DATA_ROOT = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "files"
    settings.MEDIA_ROOT.mkdir(parents=True)
    return tmp_path / "data"


@pytest.fixture(scope="session")
def bucket_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that speaks S3."""
    cleanups: list[Callable[[], None]] = []
    yield start_bucket_server(tmp_path_factory.mktemp("bucket"), cleanups.append)
    for cleanup in cleanups:
        cleanup()


@pytest.fixture
def bucket(settings: Settings, data_root: Path, bucket_server: str) -> Bucket:
    """Image stores of this test go to an empty bucket of their own."""
    name = f"images-{uuid4().hex}"
    make_bucket(bucket_server, name)
    settings.STORAGE_URL = f"s3://{name}/site"
    settings.STORAGE_ENDPOINT = bucket_server
    settings.STORAGE_KEY_ID, settings.STORAGE_SECRET = "key", "secret"
    return storage.bucket()


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Worker]:
    """A real Celery worker process on this test's database and queue."""
    with Worker.running() as worker:
        yield worker
