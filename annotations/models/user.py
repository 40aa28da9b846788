"""A person who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Django's own user, as a model of ours: to change to one later is a painful migration."""
