"""Images are made of rows in a way of their own, and are what Django would make of them."""

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from annotations.models import Image
from tests.factories import make_dataset, make_image

pytestmark = pytest.mark.django_db


def _without_state(image: Image) -> dict[str, object]:
    return {name: value for name, value in vars(image).items() if name != "_state"}


def test_an_image_is_what_django_makes_of_its_row() -> None:
    kept = make_image(name="a.tif", condition="drug")
    names = [field.attname for field in Image._meta.concrete_fields]
    values = [getattr(kept, name) for name in names]
    # The function behind the class method, so that it makes an image and not a bare model.
    usual = Model.from_db.__func__(Image, "default", names, values)  # type: ignore[attr-defined]
    (read,) = Image.objects.all()
    assert read == usual
    assert _without_state(read) == _without_state(usual)
    assert (read._state.adding, read._state.db) == (usual._state.adding, usual._state.db)


def test_what_was_left_out_is_read_when_it_is_asked_for() -> None:
    make_image(name="a.tif", condition="drug")
    image = Image.objects.defer("condition").get()
    assert image.get_deferred_fields() == {"condition"}
    with CaptureQueriesContext(connection) as asked:
        assert image.condition == "drug"
        assert image.dataset.name
    assert len(asked) == 2


def test_saving_changes_the_row() -> None:
    make_image(name="a.tif")
    image = Image.objects.get()
    image.name, image.dataset = "b.tif", make_dataset()
    image.save()
    assert Image.objects.get().name == "b.tif"
    assert Image.objects.get().dataset_id == image.dataset_id
    image.refresh_from_db()
    assert image.name == "b.tif"
