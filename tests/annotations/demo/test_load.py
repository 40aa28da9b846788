"""The demo projects: real and simulated microscopy with a first set of labels."""

import io
from pathlib import Path

import numpy as np
import pytest
import tifffile
from django.core.management import call_command
from PIL import Image as Picture

from annotations.demo.pictures import DemoPicture, factin, immunohistochemistry
from annotations.imaging.grid import patch_labels
from annotations.models import Dataset, Image, Label, LabelChange, Role, User
from annotations.models.label import Answer
from annotations.services.access import role_of
from inference.services.readiness import training_readiness

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def pictures() -> dict[str, DemoPicture]:
    return {one.name: one for one in (*immunohistochemistry(), *factin())}


def test_the_quarters_make_up_the_section_that_scikit_image_ships() -> None:
    from skimage import data

    quarters = [np.asarray(Picture.open(io.BytesIO(one.content))) for one in immunohistochemistry()]
    section = np.vstack([np.hstack(quarters[:2]), np.hstack(quarters[2:])])
    np.testing.assert_array_equal(section, data.immunohistochemistry())


def test_the_stain_is_where_the_picture_is_brown() -> None:
    """Brown is more red than blue; the masks come from colour deconvolution."""
    for one in immunohistochemistry():
        pixels = np.asarray(Picture.open(io.BytesIO(one.content))).astype(int)
        redness, mask = pixels[..., 0] - pixels[..., 2], one.masks["FHL2"]
        assert redness[mask].mean() > redness[~mask].mean() + 20


def test_simulated_images_carry_their_pixel_size() -> None:
    first = next(factin())
    with tifffile.TiffFile(io.BytesIO(first.content)) as file:
        assert file.imagej_metadata is not None
        assert file.imagej_metadata["unit"] == "um"
        numerator, denominator = file.pages[0].tags["XResolution"].value  # type: ignore[union-attr]
    assert numerator / denominator == pytest.approx(50)
    assert set(first.masks) == {"Rings", "Fibres"}


def test_both_demo_projects_can_be_trained_at_once(
    data_root: Path, pictures: dict[str, DemoPicture]
) -> None:
    said = io.StringIO()
    call_command("load_demo", stdout=said)
    assert said.getvalue().count("Loaded the demo project") == 2
    owner = User.objects.get()
    assert Dataset.objects.count() == 2
    for dataset in Dataset.objects.all():
        assert role_of(user=owner, project=dataset.project) == Role.MANAGER
        assert training_readiness(dataset=dataset).missing == []
        assert set(dataset.images.values_list("state", flat=True)) == {Image.State.READY}
    assert set(Image.objects.values_list("name", flat=True)) == set(pictures)
    _answers_follow_the_masks(pictures)
    _one_image_of_each_is_left()


def _answers_follow_the_masks(pictures: dict[str, DemoPicture]) -> None:
    """Every answer, counted against the mask by the 2 % rule."""
    for image in Image.objects.select_related("dataset"):
        picture = pictures[image.name]
        for name, mask in picture.masks.items():
            present = patch_labels(mask, image.dataset.patch_size)
            labels = Label.objects.filter(image=image, structure__name=name)
            yes = labels.filter(value=Answer.YES).count()
            if picture.labelled:
                assert (yes, labels.count()) == (present.sum(), present.size)
            else:
                assert labels.count() == 0
    assert LabelChange.objects.count() == Label.objects.count()


def _one_image_of_each_is_left() -> None:
    for dataset in Dataset.objects.all():
        untouched = dataset.images.filter(labels__isnull=True)
        assert untouched.count() == 1
