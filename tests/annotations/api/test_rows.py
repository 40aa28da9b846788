"""Rows of lists are written as Django REST framework would write them."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from annotations.api.image_output import ImageOutput
from annotations.models import Dataset, Image
from tests.factories import make_dataset, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    """Images of all states, with much and with little known of them."""
    dataset = make_dataset(patch_size=32, overlap=8)
    make_image(
        dataset=dataset, condition="drug", pixel_size_y_um=0.5, pixel_size_x_um=0.25, size_z=3,
        acquired_at=datetime(2025, 3, 30, 1, 30, 0, 5, tzinfo=UTC), split="train",
    )  # fmt: skip
    make_image(dataset=dataset, channels=[{"name": "DNA", "colour": "0000ff"}], page_axis="Z")
    make_image(dataset=dataset, state=Image.State.WAITING, size_z=7)
    make_image(dataset=dataset, state=Image.State.IMPORTING)
    make_image(dataset=dataset, state=Image.State.REFUSED, error="No image.")
    return dataset


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns"])
def test_images_are_written_as_usual_only_faster(dataset: Dataset, zone: str) -> None:
    with timezone.override(zone):
        shown = ImageOutput(dataset.images.all(), many=True).data
        usual = [
            serializers.ModelSerializer.to_representation(ImageOutput(), image)
            for image in Image.objects.filter(dataset=dataset)
        ]
    assert len(shown) == 5
    assert list(shown) == usual


def test_addresses_are_those_of_the_views(dataset: Dataset) -> None:
    image = dataset.images.ready()[0]
    shown = ImageOutput(image).data
    assert shown["thumbnail"] == reverse("api-image-thumbnail", args=[image.pk])
    assert shown["store"] == reverse("api-image-store-root", args=[image.pk])
    assert shown["projection"] == reverse("api-image-projection-root", args=[image.pk])
