"""Forms on pages: what was sent, and doing what they ask for."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.views.decorators.http import require_http_methods

from annotations.forms.base import rejections_on

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def is_done(
    request: HttpRequest, form: forms.Form, do: Callable[[], object], said: str = "Saved."
) -> bool:
    """Whether the form was sent and a service did it, which the next page says.

    What the service rejects stands on the form.
    """
    if not form.is_valid():
        return False
    with rejections_on(form):
        do()
        messages.success(request, said)
    return not form.errors
