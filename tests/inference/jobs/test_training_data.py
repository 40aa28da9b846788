"""From agreed answers to the arrays that a training reads."""

from pathlib import Path

import numpy as np
import pytest

from annotations.errors import Rejected
from annotations.models import Image, Label
from annotations.models.label import Answer
from inference.jobs.training_data import load_training_data
from inference.micranet.data import TrainingData
from tests.factories import disc, make_dataset, make_image, make_label, make_structure
from tests.inference.jobs.labelled import make_labelled

pytestmark = pytest.mark.django_db
TRAIN, VALIDATION, TEST = Image.Split.TRAIN, Image.Split.VALIDATION, Image.Split.TEST


def _load(image: Image, downscale: int = 1) -> TrainingData:
    dataset = image.dataset
    return load_training_data(
        dataset=dataset,
        structures=list(dataset.project.structures.all()),
        downscale=downscale,
        on_image=lambda number, of: None,
    )


def test_patches_are_normalised_by_the_limits_of_their_image(data_root: Path) -> None:
    image = make_image(dataset=make_dataset(patch_size=32), split=TRAIN, store=True)
    structure = make_structure(project=image.dataset.project)
    make_label(
        image=image, structure=structure, annotator=image.dataset.created_by, row=1, column=2
    )
    data = _load(image)
    # Limits 0 and 1000: a thousandth of the raw values, in half precision.
    expected = disc(64, 96)[32:64, 64:96] / 1000
    assert data.patches.shape == (1, 1, 32, 32)
    np.testing.assert_allclose(data.patches[0, 0], expected, atol=1e-3)
    assert data.patch_size == 32


def test_a_working_resolution_of_half_halves_the_patches(data_root: Path) -> None:
    image = make_image(dataset=make_dataset(patch_size=32), split=TRAIN, store=True)
    structure = make_structure(project=image.dataset.project)
    make_label(image=image, structure=structure, annotator=image.dataset.created_by)
    data = _load(image, downscale=2)
    assert (data.patches.shape, data.patch_size) == ((1, 1, 16, 16), 32)


def test_labels_hold_yes_no_and_nothing(data_root: Path) -> None:
    image = make_image(dataset=make_dataset(patch_size=32), split=TRAIN, store=True)
    first, second = (make_structure(project=image.dataset.project, name=name) for name in "ab")
    me = image.dataset.created_by
    make_label(image=image, structure=first, annotator=me, column=0, value=Answer.YES)
    make_label(image=image, structure=second, annotator=me, column=0, value=Answer.NO)
    make_label(image=image, structure=second, annotator=me, column=1, value=Answer.YES)
    make_label(image=image, structure=first, annotator=me, column=2, value=Answer.UNSURE)
    data = _load(image)
    assert data.structures == ("a", "b")
    np.testing.assert_array_equal(data.labels, [[1, 0], [np.nan, 1]])


def test_images_kept_for_validation_measure_and_those_for_the_test_are_not_read(
    data_root: Path,
) -> None:
    dataset, _ = make_labelled(images=4)
    splits = (TRAIN, VALIDATION, TEST, "")
    for image, split in zip(dataset.images.order_by("pk"), splits, strict=True):
        Image.objects.filter(pk=image.pk).update(split=split)
    data = _load(dataset.images.earliest("pk"))
    assert len(data.patches) == 18
    np.testing.assert_array_equal(data.validation, [False] * 9 + [True] * 9)


def test_a_disc_in_the_middle_answers_yes_in_five_of_nine_patches(data_root: Path) -> None:
    dataset, _ = make_labelled(images=1)
    dataset.images.update(split=TRAIN)
    data = _load(dataset.images.get())
    np.testing.assert_array_equal(data.labels[:, 0], [0, 1, 0, 1, 1, 1, 0, 1, 0])


def test_answers_that_were_taken_back_are_missed_with_a_sentence(data_root: Path) -> None:
    dataset, _ = make_labelled(images=1)
    dataset.images.update(split=TRAIN)
    Label.objects.all().delete()
    with pytest.raises(Rejected, match="taken back"):
        _load(dataset.images.get())
