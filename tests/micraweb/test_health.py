import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_healthy_site_says_ok() -> None:
    response = Client().get("/health/")
    assert response.json() == {"status": "ok"}


def test_a_site_without_its_database_is_not_healthy() -> None:
    """Tests that do not ask for the database have none: pytest-django blocks every query."""
    response = Client(raise_request_exception=False).get("/health/")
    assert response.status_code == 500
