"""Images that are imported into a bucket."""

import io

import obstore
from django.http import HttpResponse

from annotations.bucket import Bucket
from annotations.jobs.importing import import_image
from annotations.models import Image
from annotations.services.images.images import add_image
from tests.factories import make_dataset
from tests.support.clients import client_of

CHUNK = "0/c/0/0/0"


def keys(bucket: Bucket) -> list[str]:
    return sorted(entry["path"] for page in obstore.list(bucket.objects) for entry in page)


def added(content: bytes, name: str = "a.png") -> Image:
    dataset = make_dataset(patch_size=32)
    by = dataset.created_by
    return add_image(by=by, dataset=dataset, name=name, content=io.BytesIO(content))


def imported(image: Image) -> Image:
    import_image(image.pk)
    return Image.objects.get(pk=image.pk)


def asked(image: Image, key: str = CHUNK, method: str = "get", **headers: str) -> HttpResponse:
    client = client_of(image.dataset.created_by)
    address = f"/api/images/{image.pk}/store/{key}"
    answer = getattr(client, method)(address, headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer
