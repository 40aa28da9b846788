import pytest
from django.urls import reverse

from annotations.models import Role
from tests import factories
from tests.support.pages import props, signed_in

pytestmark = pytest.mark.django_db


def test_a_viewer_opens_the_page_of_an_image() -> None:
    image = factories.make_image(name="cells.tif")
    dora = factories.make_member(project=image.dataset.project, role=Role.VIEWER).user
    response = signed_in(dora).get(reverse("image", args=[image.pk]))
    assert props(response, "image") == {"image": image.pk, "role": "viewer"}
    assert "cells.tif" in response.content.decode()
