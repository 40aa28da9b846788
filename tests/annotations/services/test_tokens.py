"""The key by which a person's programs sign in."""

import pytest
from rest_framework.authtoken.models import Token

from annotations.services.tokens import renew_token, revoke_token
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_fresh_token_replaces_the_old_one() -> None:
    alice, bob = make_user(), make_user()
    first, others = renew_token(by=alice), renew_token(by=bob)
    second = renew_token(by=alice)
    assert first != second
    assert set(Token.objects.values_list("key", "user_id")) == {
        (second, alice.pk),
        (others, bob.pk),
    }


def test_a_token_is_taken_back() -> None:
    alice = make_user()
    renew_token(by=alice)
    revoke_token(by=alice)
    revoke_token(by=alice)
    assert not Token.objects.exists()
