"""The account that a site on one machine starts with."""

import stat
from pathlib import Path

import pytest

from annotations.models import User
from annotations.services.first_account import first_account
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_an_empty_site_gets_an_account_that_can_sign_in(data_root: Path) -> None:
    account = first_account()
    assert account is not None
    user, login = account
    assert user.check_password(login.password)
    assert (user.username, user.is_superuser) == (login.username, True)


def test_the_password_is_for_the_owners_eyes_alone(data_root: Path) -> None:
    first_account()
    mode = (data_root / "first_account.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_second_start_finds_the_same_account(data_root: Path) -> None:
    assert first_account() == first_account()
    assert User.objects.count() == 1


def test_a_site_with_people_gets_no_account(data_root: Path) -> None:
    make_user()
    assert first_account() is None
    assert User.objects.count() == 1


def test_a_changed_password_is_not_told(data_root: Path) -> None:
    account = first_account()
    assert account is not None
    account[0].set_password("something else entirely")
    account[0].save()
    assert first_account() is None


def test_an_emptied_database_gets_a_new_account(data_root: Path) -> None:
    first = first_account()
    User.objects.all().delete()
    second = first_account()
    assert first is not None
    assert second is not None
    assert first[1].password != second[1].password
    assert first_account() == second
