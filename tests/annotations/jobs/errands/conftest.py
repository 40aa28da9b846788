"""An image with answers."""

import pytest

from annotations.models import Image
from annotations.models.label import Answer
from tests.factories import make_dataset, make_image, make_label, make_structure


@pytest.fixture
def image() -> Image:
    """64 x 96 px on patches of 32 px, all but one answered with no."""
    dataset = make_dataset(patch_size=32)
    image = make_image(dataset=dataset, name="slide 1.tif", height=64, width=96)
    structure = make_structure(project=dataset.project, name="Disc")
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1), (0, 2)):
        make_label(
            image=image,
            structure=structure,
            annotator=dataset.created_by,
            row=row,
            column=column,
            value=Answer.NO,
        )
    return image
