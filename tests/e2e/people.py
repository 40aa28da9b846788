"""Signing in without the form, which a test of its own goes through."""

from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from annotations.models import Preferences, User
from tests.support.pages import signed_in


def sign_in(page: Page, live_server: LiveServer, user: User) -> None:
    """Give the browser the session of a user."""
    session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])


def experienced(user: User) -> User:
    """Somebody who has seen the tours, which otherwise lie over the first visit."""
    Preferences.objects.create(user=user, tour_seen=True, label_tour_seen=True)
    return user
