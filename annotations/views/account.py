"""A person's own account; passwords and addresses are allauth's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from rest_framework.authtoken.models import Token

from annotations.services.tokens import renew_token, revoke_token
from annotations.views.access import MemberRequest

SESSION_KEY = "fresh_token"


@login_required
@never_cache
@require_safe
def account(request: MemberRequest) -> HttpResponse:
    context = {
        # Shown once, on the page after it was made.
        "fresh_token": request.session.pop(SESSION_KEY, None),
        "token": Token.objects.filter(user=request.user).first(),
    }
    return render(request, "home/account.html", context)


@login_required
@require_POST
def account_token(request: MemberRequest) -> HttpResponse:
    """Make a new token, or take the token back."""
    if "revoke" in request.POST:
        revoke_token(by=request.user)
        messages.success(request, "Your token no longer works.")
    else:
        request.session[SESSION_KEY] = renew_token(by=request.user)
    return redirect("account")
