"""The key by which a person's programs sign in."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from annotations.models import User


@transaction.atomic
def renew_token(*, by: User) -> str:
    """Give the user a fresh token; programs that use an older one are locked out."""
    Token.objects.filter(user=by).delete()
    return str(Token.objects.create(user=by).key)


def revoke_token(*, by: User) -> None:
    """Take the user's token back, if there is one."""
    Token.objects.filter(user=by).delete()
