"""Which of the choices about a structure's objects a new model starts with."""

import pytest

from annotations.models import Dataset, Image, Structure
from inference.jobs.separation_before import separation_before
from inference.models import ModelStructure
from inference.models.separated import separation_fields
from inference.objects.choice import AUTOMATIC, Separation
from tests.factories import make_dataset, make_image, make_model, make_structure

pytestmark = pytest.mark.django_db

FIRST, SECOND = Separation("none", smallest=40), Separation("distance", 12, "px", 90)


@pytest.fixture
def structure() -> Structure:
    return make_structure()


def _dataset(structure: Structure) -> Dataset:
    return make_dataset(project=structure.project)


def _model(structure: Structure, dataset: Dataset, chosen: Separation) -> None:
    model = make_model(dataset=dataset, structures=[structure])
    ModelStructure.objects.filter(model=model).update(**separation_fields(chosen))


def test_the_newest_model_of_the_data_set_is_followed(structure: Structure) -> None:
    dataset = _dataset(structure)
    for chosen in (FIRST, SECOND):
        _model(structure, dataset, chosen)
    assert separation_before(structure, dataset) == SECOND


def test_who_went_back_to_the_default_is_followed_too(structure: Structure) -> None:
    dataset = _dataset(structure)
    for chosen in (FIRST, AUTOMATIC):
        _model(structure, dataset, chosen)
    assert separation_before(structure, dataset) == AUTOMATIC


def test_another_data_set_is_asked_where_this_one_has_no_model_of_the_structure(
    structure: Structure,
) -> None:
    dataset, other = _dataset(structure), _dataset(structure)
    _model(make_structure(project=structure.project), dataset, SECOND)
    _model(structure, other, FIRST)
    assert separation_before(structure, dataset) == FIRST
    _model(structure, dataset, SECOND)
    _model(structure, other, FIRST)
    assert separation_before(structure, dataset) == SECOND


def test_the_first_model_has_the_default(structure: Structure) -> None:
    _model(make_structure(), make_dataset(), FIRST)
    assert separation_before(structure, _dataset(structure)) == AUTOMATIC


def test_um_are_not_taken_over_to_images_without_a_pixel_size(structure: Structure) -> None:
    dataset, chosen = _dataset(structure), Separation("none", unit="um", smallest=40)
    _model(structure, dataset, chosen)
    for name in "ab":
        make_image(dataset=dataset, name=name)
    dataset.images.update(pixel_size_y_um=0.5, pixel_size_x_um=0.5, state=Image.State.READY)
    assert separation_before(structure, dataset) == chosen
    dataset.images.filter(name="a").update(pixel_size_x_um=None)
    assert separation_before(structure, dataset) == AUTOMATIC
    dataset.images.filter(name="a").update(state=Image.State.IMPORTING)
    assert separation_before(structure, dataset) == chosen
