"""How many questions an address asks the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient


def queries_of(client: APIClient, address: str) -> tuple[int, int]:
    """(rows, queries) of a list."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return len(answer.json()), len(asked)
