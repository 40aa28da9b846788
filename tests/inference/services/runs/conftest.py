"""A data set that can be trained on, and a model of it."""

import pytest

from annotations.models import Dataset, Structure
from annotations.models.label import Answer
from inference.models import ModelVersion, Segmentation
from tests.factories import (
    make_dataset,
    make_image,
    make_label,
    make_model,
    make_segmentation,
    make_structure,
)


@pytest.fixture
def rings() -> Structure:
    return make_structure(name="Rings")


@pytest.fixture
def dataset(rings: Structure) -> Dataset:
    """Two images with a yes and a no each: enough to train on."""
    dataset = make_dataset(project=rings.project)
    for _ in range(2):
        image = make_image(dataset=dataset)
        for column, value in enumerate((Answer.YES, Answer.NO)):
            make_label(
                image=image, structure=rings, annotator=dataset.created_by, column=column,
                value=value,
            )  # fmt: skip
    return dataset


@pytest.fixture
def model(dataset: Dataset, rings: Structure) -> ModelVersion:
    return make_model(dataset=dataset, structures=[rings])


@pytest.fixture
def segmentation(dataset: Dataset, model: ModelVersion, rings: Structure) -> Segmentation:
    image = dataset.images.earliest("pk")
    return make_segmentation(image=image, model=model, structure=rings)
