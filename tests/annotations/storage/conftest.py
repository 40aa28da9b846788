"""An image in a bucket."""

import pytest

from annotations.bucket import Bucket
from annotations.models import Image
from tests.annotations.storage.stored import added, imported
from tests.support.pictures import png


@pytest.fixture
def image(bucket: Bucket) -> Image:
    return imported(added(png(64, 96)))
