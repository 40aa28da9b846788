"""Images in a bucket: the browser fetches the pixels from the bucket's own address."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from annotations.bucket import Bucket
from annotations.jobs.importing import import_image
from annotations.models import Image
from annotations.services.images.images import add_image
from tests.e2e.people import sign_in
from tests.factories import make_dataset, make_project, make_structure, make_user
from tests.support.bucket import allow_reading_from
from tests.support.pictures import noise, png

HEIGHT, WIDTH = 700, 900


@pytest.fixture
def image(transactional_db: None, bucket: Bucket) -> Image:
    """An image of several chunks, whose store is in the bucket and nowhere else."""
    project = make_project(manager=make_user("alice"))
    make_structure(project=project)
    dataset = make_dataset(project=project)
    content = io.BytesIO(png(HEIGHT, WIDTH))
    image = add_image(by=dataset.created_by, dataset=dataset, name="a.png", content=content)
    import_image(image.pk)
    assert not image.store.exists()
    return image


def _allow(origin: str, settings: Settings) -> None:
    name = urlsplit(settings.STORAGE_URL).netloc
    allow_reading_from(settings.STORAGE_ENDPOINT, name, origin)


@pytest.mark.parametrize("presigned", [True, False])
def test_the_viewer_shows_the_true_pixels_of_an_image_in_a_bucket(
    page: Page, live_server: LiveServer, image: Image, settings: Settings, presigned: bool
) -> None:
    settings.STORAGE_PRESIGNED = presigned
    _allow(live_server.url, settings)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    sign_in(page, live_server, image.dataset.created_by)
    page.goto(live_server.url + reverse("image", args=[image.pk]))
    page.wait_for_selector(".viewer[data-ready=true]")
    x, y = 700, 600
    at = page.evaluate("([x, y]) => window.micraweb.clientPoint(x, y)", [x + 0.5, y + 0.5])
    page.mouse.move(*at)
    value = page.locator(".viewer-values [data-channel]")
    expect(value).to_have_attribute("data-value", str(noise(HEIGHT, WIDTH)[y, x]))

    chunks = [answer for answer in answers if "/c/" in answer.url]
    own = [answer for answer in chunks if answer.url.startswith(live_server.url)]
    foreign = [answer for answer in chunks if answer.url.startswith(settings.STORAGE_ENDPOINT)]
    if not presigned:
        assert (bool(own), foreign) == (True, [])
        return
    assert {answer.status for answer in own} == {302}
    assert {answer.status for answer in foreign} == {200}
    for answer in foreign:
        assert "X-Amz-Signature" in parse_qs(urlsplit(answer.url).query)
        headers = answer.request.all_headers()
        # The bucket learns whose page asks, and nothing of the session.
        assert headers["origin"] == live_server.url
        assert "cookie" not in headers


def test_a_bucket_that_allows_other_pages_alone_is_told_of_instead_of_a_black_image(
    page: Page, live_server: LiveServer, image: Image, settings: Settings
) -> None:
    settings.STORAGE_PRESIGNED = True
    _allow("https://elsewhere.example.org", settings)
    refused: list[str] = []
    page.on("requestfailed", lambda request: refused.append(request.url))
    sign_in(page, live_server, image.dataset.created_by)
    page.goto(live_server.url + reverse("image", args=[image.pk]))
    said = page.locator(".work-toast")
    expect(said).to_contain_text("Some pixels could not be read")
    assert any(url.startswith(settings.STORAGE_ENDPOINT) for url in refused)
    # The rule of the bucket is all that was missing.
    _allow(live_server.url, settings)
    page.reload()
    page.wait_for_selector(".viewer[data-ready=true]")
