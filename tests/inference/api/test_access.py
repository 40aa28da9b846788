"""Who may do what: every address, every method, every role."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django import Settings
from rest_framework.views import APIView

from annotations.api.urls import urlpatterns as annotations_urls
from inference.api.urls import urlpatterns as inference_urls
from tests.inference.api.case import Case
from tests.inference.api.routes import CASES, OWN, WITHOUT_OBJECT
from tests.inference.api.world import EVERYBODY, Who, World, make_world
from tests.support.clients import client_of

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")


def _ask(case: Case, world: World, who: Who) -> Any:
    client = client_of(world.people[who])
    address = reverse(case.route, args=case.key(world)) + case.query
    body = case.body(world) if case.body else None
    form = "multipart" if case.multipart else "json"
    return getattr(client, case.method)(address, body, format=form, headers=case.headers)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_role_may_do_what_it_should(case: Case, data_root: Path, settings: Settings) -> None:
    settings.IMPORT_ROOTS = [str(data_root)]
    world = make_world()
    if case.files:
        world.write_files()
    for who in EVERYBODY:
        # Each finds the project as it was.
        with transaction.atomic():
            answer = _ask(case, world, who)
            transaction.set_rollback(True)
        assert answer.status_code == case.expected(who), (who, getattr(answer, "content", b""))
        if answer.status_code >= 400:
            assert isinstance(answer.json()["detail"], str)


def test_every_address_and_method_is_tried() -> None:
    there_are = {
        (pattern.name, method)
        for pattern in (*annotations_urls, *inference_urls)
        for method in METHODS
        if hasattr(_view(pattern), method) and pattern.name not in WITHOUT_OBJECT
    }
    assert there_are == {(case.route, case.method) for case in CASES} | OWN


def _view(pattern: Any) -> type[APIView]:
    view: type[APIView] = pattern.callback.view_class
    return view


@pytest.mark.parametrize("name", ["api-me", "api-own-work", "api-projects"])
def test_nobody_is_asked_to_sign_in_where_no_object_is_named(name: str) -> None:
    assert client_of(None).get(reverse(name)).status_code == 401


def test_an_object_of_a_foreign_project_is_not_reached_through_ones_own() -> None:
    """A stranger names rows of others in requests about rows of their own."""
    world, own = make_world(), make_world()
    client = client_of(own.people["manager"])
    tries: list[tuple[str, int, dict[str, Any]]] = [
        ("api-labels", own.image.pk, _answer(world.structure.pk)),
        ("api-train", own.dataset.pk, {"structures": [world.structure.pk]}),
        ("api-train", own.dataset.pk, {"start": world.model.pk}),
        ("api-segment", own.dataset.pk, {"model": world.model.pk}),
        ("api-segment", own.dataset.pk, _images(own.model.pk, world.image.pk)),
        ("api-export", own.dataset.pk, {"model": world.model.pk}),
        ("api-export", own.dataset.pk, _images(own.model.pk, world.image.pk)),
    ]
    for name, key, body in tries:
        answer = client.post(reverse(name, args=[key]), body, format="json")
        assert answer.status_code in (400, 404), (name, body)
        assert answer.json()["detail"]


def _answer(structure: int) -> dict[str, Any]:
    return {"structure": structure, "cells": [[0, 0]], "value": "yes"}


def _images(model: int, image: int) -> dict[str, Any]:
    return {"model": model, "images": [image]}
