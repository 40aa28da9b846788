"""A database that somebody else writes to for longer than anybody waits."""

import sqlite3
from pathlib import Path

import pytest
from django.db import OperationalError

from annotations.api.errors import handle


def test_who_waited_in_vain_is_told_to_come_again(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    writer, other = (sqlite3.connect(path, timeout=0, isolation_level=None) for _ in range(2))
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        other.execute("BEGIN IMMEDIATE")
    # Django passes it on under its own name with the same words.
    told = handle(OperationalError(*locked.value.args), {})
    writer.close()
    other.close()
    assert told is not None
    assert (told.status_code, told.headers["Retry-After"]) == (503, "10")
    assert "try again" in told.data["detail"]


def test_another_trouble_of_the_database_is_an_error() -> None:
    assert handle(OperationalError("disk I/O error"), {}) is None
