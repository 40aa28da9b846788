"""A tiny data set that can be trained on."""

import numpy as np

from annotations.imaging.grid import patch_labels
from annotations.models import Dataset, Image, Structure
from annotations.models.label import Answer
from tests.factories import disc, make_dataset, make_image, make_label, make_structure

SIDE = 96


def make_labelled(*, images: int = 2) -> tuple[Dataset, Structure]:
    """Images of 96 x 96 px with a disc in the middle; every patch of 32 px is answered."""
    dataset = make_dataset(patch_size=32)
    structure = make_structure(project=dataset.project, name="Discs")
    for number in range(images):
        image = make_image(
            dataset=dataset, name=f"{number}.tif", height=SIDE, width=SIDE, store=True
        )
        answer(image, structure)
    return dataset, structure


def answer(image: Image, structure: Structure) -> None:
    """Yes where the disc covers more than 2 % of the patch: the middle one and its four sides."""
    present = patch_labels(disc(SIDE, SIDE) > 500, 32)
    for row, column in np.ndindex(3, 3):
        make_label(
            image=image,
            structure=structure,
            annotator=image.dataset.created_by,
            row=row,
            column=column,
            value=Answer.YES if present[row, column] else Answer.NO,
        )
