"""The account that a site on one machine starts with, so that nobody must sign up to look."""

import json
import os
import secrets
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from annotations.models import User


class Login(NamedTuple):
    username: str
    password: str


def first_account() -> tuple[User, Login] | None:
    """Return the first account and how to sign in, making it on an empty site.

    None on a site that has people but not this account: there it would be a way in that nobody
    asked for. The password is random and kept beside the data, readable by its owner alone.
    """
    kept = _read()
    if kept is not None:
        user = User.objects.filter(username=kept.username).first()
        if user and user.check_password(kept.password):
            return user, kept
    if User.objects.exists():
        return None
    login = Login("demo", secrets.token_urlsafe(9))
    with transaction.atomic():
        user = User.objects.create_superuser(username=login.username, password=login.password)
        _write(login)
    return user, login


def _path() -> Path:
    return Path(settings.DATA_ROOT) / "first_account.json"


def _read() -> Login | None:
    if not _path().is_file():
        return None
    return Login(**json.loads(_path().read_text()))


def _write(login: Login) -> None:
    _path().parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(login._asdict(), file)
