"""Programs that use the HTTP interface within this process."""

from rest_framework.test import APIClient

from annotations.models import User


def client_of(user: User | None) -> APIClient:
    """A client that is signed in by session, or nobody's."""
    client = APIClient()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
