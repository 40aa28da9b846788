"""Unanswered patches that a training reads."""

from pathlib import Path

import numpy as np
import pytest

from annotations.models import Dataset, Image, Label
from annotations.models.label import Answer
from annotations.services.left_out import leave_out
from inference.jobs import guessed_patches
from inference.jobs.training_data import load_training_data
from inference.micranet import guessed
from inference.micranet.data import TrainingData
from tests.factories import make_image
from tests.inference.jobs.labelled import SIDE, make_labelled

pytestmark = pytest.mark.django_db
TRAIN, VALIDATION, TEST = Image.Split.TRAIN, Image.Split.VALIDATION, Image.Split.TEST


def _load(dataset: Dataset, *, guess: bool = True) -> TrainingData:
    return load_training_data(
        dataset=dataset,
        structures=list(dataset.project.structures.all()),
        downscale=1,
        on_image=lambda number, of: None,
        guess=guess,
    )


@pytest.fixture
def dataset(data_root: Path) -> Dataset:
    """An image that trains, whose last row nobody answered, and one that nobody has touched."""
    dataset, _ = make_labelled(images=1)
    dataset.images.update(split=TRAIN)
    Label.objects.filter(row=2).delete()
    make_image(dataset=dataset, name="new.tif", height=SIDE, width=SIDE, store=True)
    return dataset


def test_unanswered_patches_of_training_and_new_images_are_read(dataset: Dataset) -> None:
    data = _load(dataset)
    assert (len(data.patches), int(data.by_people.sum())) == (6 + 3 + 9, 6)
    plain = _load(dataset, guess=False)
    np.testing.assert_array_equal(data.patches[:6], plain.patches)
    np.testing.assert_array_equal(data.labels[:6], plain.labels)
    # The new image holds the same disc: what was answered in one is expected in the other.
    expected = data.labels[9:15, 0] > 0.5
    np.testing.assert_array_equal(expected, plain.labels[:, 0] > 0.5)
    np.testing.assert_array_equal(data.patches[9:15], plain.patches)


def test_what_measures_later_is_not_read(dataset: Dataset) -> None:
    for split in (VALIDATION, TEST):
        dataset.images.filter(name="new.tif").update(split=split)
        assert len(_load(dataset).patches) == 6 + 3


def test_nothing_is_guessed_of_patches_about_which_somebody_said_something(
    dataset: Dataset,
) -> None:
    image = dataset.images.get(name="new.tif")
    leave_out(by=dataset.created_by, image=image, cells=[(0, 0), (1, 1)])
    label = Label.objects.filter(image__dataset=dataset).first()
    assert label is not None
    Label.objects.filter(pk=label.pk).update(value=Answer.UNSURE)
    data = _load(dataset)
    assert (len(data.patches), int(data.by_people.sum())) == (5 + 3 + 7, 5)


def test_lots_are_drawn_where_there_is_no_room_for_all_and_always_the_same(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = _load(dataset)
    monkeypatch.setattr(guessed, "TOGETHER", 10)
    data, again = _load(dataset), _load(dataset)
    assert int((~data.by_people).sum()) == 4
    np.testing.assert_array_equal(data.patches, again.patches)
    known = {patch.tobytes() for patch in everything.patches[~everything.by_people]}
    assert {patch.tobytes() for patch in data.patches[~data.by_people]} <= known
    monkeypatch.setattr(guessed, "TOGETHER", 6)
    assert len(_load(dataset).patches) == 6


def test_of_images_that_nobody_touched_a_few_are_enough(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        make_image(dataset=dataset, name=f"{number}x.tif", height=SIDE, width=SIDE, store=True)
    monkeypatch.setattr(guessed_patches, "MOST_IMAGES", 3)
    assert len(_load(dataset).patches) == 6 + 3 + 2 * 9


def test_an_image_of_other_channels_is_passed_over(dataset: Dataset) -> None:
    other = make_image(dataset=dataset, name="two.tif", height=SIDE, width=SIDE, store=True)
    expected = len(_load(dataset).patches)
    Image.objects.filter(pk=other.pk).delete()
    assert len(_load(dataset).patches) == expected - 9
