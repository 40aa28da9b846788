"""Distances from what is kept are those of the files beside the images, whatever happened."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from numpy.typing import NDArray

from annotations.errors import Rejected
from annotations.models import Dataset, Image
from annotations.services.datasets import update_dataset
from annotations.services.grids import change_grid
from annotations.services.images.images import delete_image
from annotations.services.patches import looks
from annotations.services.patches.described import features
from annotations.services.patches.likeness import likeness
from annotations.services.sheets import Place, layout_of
from tests.factories import make_dataset, make_image

pytestmark = pytest.mark.django_db
Distances = NDArray[np.float64]


def _image(dataset: Dataset, high: float, **fields: Any) -> Image:
    """Every limit makes other numbers of the same pixels."""
    channel = {"name": "DNA", "colour": "ffffff", "low": 0, "high": high}
    shape = {"height": 96, "width": 128}
    return make_image(dataset=dataset, store=True, **{"channels": [channel], **shape, **fields})


@pytest.fixture
def dataset(data_root: object) -> Dataset:
    dataset = make_dataset(patch_size=32)
    for number in range(3):
        _image(dataset, 4000 + 3000 * number, condition="drug" if number else "")
    return dataset


def _plain(dataset: Dataset, like: Place, **which: Any) -> Distances:
    """As the definition says, from the files alone."""
    images = dataset.images.ready().filter(**which).order_by("name", "pk")
    rows = np.concatenate([features(image) for image in images]).astype(np.float64)
    apart = (rows - rows[layout_of(dataset, **which).position(like)]) / rows.std(axis=0)
    return np.asarray(np.sqrt(np.square(apart).sum(axis=1)))


def _check(dataset: Dataset, like: Image, **which: Any) -> None:
    dataset = Dataset.objects.get(pk=dataset.pk)
    place = Place(like.pk, 1, 0)
    found = likeness(dataset=dataset, layout=layout_of(dataset, **which), like=place)
    assert found.missing == 0
    np.testing.assert_allclose(found.distances, _plain(dataset, place, **which), 1e-4, 1e-5)


def test_distances_are_right_after_every_step(dataset: Dataset) -> None:
    first, second, third = dataset.images.order_by("pk")
    by = dataset.created_by
    steps: list[Callable[[], Any]] = [
        lambda: None,
        lambda: _image(dataset, 9000, name="0 comes first.tif"),
        lambda: _image(dataset, 2000, height=64),
        lambda: delete_image(by=by, image=second),
        lambda: change_grid(by=by, dataset=dataset, patch_size=16, overlap=0, transfer=False),
        lambda: Image.objects.filter(pk=first.pk).update(name="z comes last.tif"),
        lambda: _image(dataset, 1500, condition="drug"),
    ]
    for step in steps:
        step()
        _check(dataset, third)
        _check(dataset, third, condition="drug")
        _check(dataset, first)


def test_another_process_says_the_same(dataset: Dataset) -> None:
    image = dataset.images.all()[0]
    layout, like = layout_of(dataset), Place(image.pk, 0, 2)
    here = likeness(dataset=dataset, layout=layout, like=like).distances
    looks._kept.clear()
    np.testing.assert_array_equal(
        likeness(dataset=dataset, layout=layout, like=like).distances, here
    )


def test_another_channel_to_work_on_makes_other_distances(data_root: object) -> None:
    channels = [
        {"name": name, "colour": "ffffff", "low": 0, "high": high}
        for name, high in (("DNA", 4000), ("actin", 60000))
    ]
    dataset = make_dataset(patch_size=32)
    image = make_image(dataset=dataset, height=96, width=96, channels=channels, store=True)
    for used in ([0], [1], [0, 1], []):
        update_dataset(
            by=dataset.created_by,
            dataset=dataset,
            name=dataset.name,
            description="",
            patch_size=32,
            used_channels=used,
        )
        _check(dataset, image)


def test_images_of_other_channels_cannot_be_compared(dataset: Dataset) -> None:
    one, *_ = dataset.images.all()
    two = _image(dataset, 0, channels=[one.channels[0]] * 2)
    for like, other in ((one, two), (two, one)):
        layout = layout_of(dataset)
        found = likeness(dataset=dataset, layout=layout, like=Place(like.pk, 0, 0)).distances
        assert np.isnan(found[layout.span(other.pk)]).all()
        assert not np.isnan(found[layout.span(like.pk)]).any()


def test_what_no_time_is_left_to_describe_comes_with_the_next_look(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "SECONDS", -1.0)
    image = dataset.images.all()[0]
    layout, like = layout_of(dataset), Place(image.pk, 0, 0)
    found = likeness(dataset=dataset, layout=layout, like=like)
    assert found.missing == 2
    assert np.count_nonzero(np.isnan(found.distances)) == 2 * 12
    # A worker describes them meanwhile.
    for other in dataset.images.all():
        features(other)
    _check(dataset, image)


def test_what_is_kept_is_not_read_again(dataset: Dataset) -> None:
    image = dataset.images.all()[0]

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            _check(dataset, image)
        return len(asked)

    first = queries()
    usual = queries()
    assert usual < first
    for number in range(5):
        _image(dataset, 3000 + number)
    assert queries() == first
    assert queries() == usual


def test_memory_is_bounded(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data set that was compared in last stays, however large it is."""
    monkeypatch.setattr(looks, "MOST_BYTES", 1)
    other = make_dataset(patch_size=32)
    for one in (dataset, other):
        image = _image(one, 5000)
        _check(one, image)
    assert [key[0] for key in looks._kept] == [other.pk]


def test_a_patch_that_is_not_there_is_like_none(dataset: Dataset) -> None:
    image = make_image(dataset=dataset, state=Image.State.IMPORTING)
    for like in (Place(image.pk, 0, 0), Place(dataset.images.ready()[0].pk, 3, 0), Place(0, 0, 0)):
        with pytest.raises(Rejected):
            likeness(dataset=dataset, layout=layout_of(dataset), like=like)
