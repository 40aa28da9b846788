"""Reading pages as a browser's scripts and people do."""

import json
import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from annotations.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def props(response: Any, island: str) -> dict[str, Any]:
    """What the page gives to an island; fails where there is no place or no props for it."""
    html = response.content.decode()
    assert f'id="island-{island}"' in html
    found = re.search(rf'<script id="props-{island}"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found is not None
    given: dict[str, Any] = json.loads(found[1])
    return given


def text(response: Any) -> str:
    """What the main part of a page says, without markup."""
    assert isinstance(response, HttpResponse)
    html = response.content.decode()
    main = re.sub(r"<(script|style)\b.*?</\1>", " ", html.partition("<main")[2], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", "<main" + main)).split())


def said(response: Any) -> str:
    """The messages above a page, without markup."""
    html = response.content.decode()
    above = html.partition('<div class="messages" role="status">')[2].partition("<main")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", above)).split())
