"""A person who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Django's own user for now; a model of ours, because changing it later is a painful migration."""
