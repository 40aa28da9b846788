"""The tests run on the servers that the site runs on."""

import pytest
import redis
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_the_tests_run_on_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL")


def test_the_queue_is_a_real_server() -> None:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.rpush("a list", "first", "second")
    assert client.lpop("a list") == b"first"
    client.delete("a list")
