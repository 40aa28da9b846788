import pytest
from django.urls import reverse

from annotations.models import Role
from tests import factories
from tests.support.pages import props, signed_in, text

pytestmark = pytest.mark.django_db


def test_the_table_shows_count_fraction_and_area_per_image_and_structure() -> None:
    dataset = factories.make_dataset()
    ring = factories.make_structure(project=dataset.project, name="ring")
    model = factories.make_model(dataset=dataset, structures=[ring])
    done = factories.make_image(
        dataset=dataset,
        name="a.tif",
        height=100,
        width=200,
        pixel_size_y_um=0.5,
        pixel_size_x_um=0.25,
    )
    factories.make_image(dataset=dataset, name="b.tif")
    factories.make_segmentation(
        image=done, model=model, structure=ring, object_count=7, area_px=2500
    )
    page = text(signed_in(dataset.created_by).get(reverse("dataset-results", args=[dataset.pk])))
    # 2500 of 20000 px, and 2500 px of 0.125 µm² each.
    assert "a.tif 7 12 % 312.5" in page
    assert "b.tif not segmented" in page


def test_the_newest_model_is_shown_unless_another_is_named() -> None:
    dataset = factories.make_dataset()
    ring = factories.make_structure(project=dataset.project)
    old, new = (factories.make_model(dataset=dataset, structures=[ring]) for _ in range(2))
    image = factories.make_image(dataset=dataset, name="a.tif")
    factories.make_segmentation(image=image, model=old, structure=ring, object_count=41)
    client, address = signed_in(dataset.created_by), reverse("dataset-results", args=[dataset.pk])
    assert f"{new.name} has segmented no image yet" in text(client.get(address))
    assert "a.tif 41" in text(client.get(address, {"model": old.pk}))


@pytest.mark.parametrize("name", ["1e3", "-1", "abc", str(10**9)])
def test_a_model_that_does_not_exist_is_not_found(name: str) -> None:
    model = factories.make_model()
    address = reverse("dataset-results", args=[model.dataset_id])
    response = signed_in(model.dataset.created_by).get(address, {"model": name})
    assert response.status_code == 404


def test_a_model_of_another_data_set_is_not_found() -> None:
    dataset, other = factories.make_dataset(), factories.make_model()
    response = signed_in(dataset.created_by).get(
        reverse("dataset-results", args=[dataset.pk]), {"model": other.pk}
    )
    assert response.status_code == 404


def test_without_a_model_annotators_are_sent_to_train_and_viewers_are_not() -> None:
    dataset = factories.make_image().dataset
    address, train = (reverse(name, args=[dataset.pk]) for name in ("dataset-results", "train"))
    dora = factories.make_member(project=dataset.project, role=Role.VIEWER).user
    assert train in signed_in(dataset.created_by).get(address).content.decode()
    response = signed_in(dora).get(address)
    assert "No model yet" in text(response)
    assert train not in response.content.decode()


def test_the_result_screen_gets_the_model_that_was_asked_for() -> None:
    model = factories.make_model()
    image = factories.make_image(dataset=model.dataset)
    client, address = signed_in(model.dataset.created_by), reverse("results", args=[image.pk])
    assert props(client.get(address), "results") == {
        "image": image.pk,
        "model": None,
        "role": "manager",
    }
    assert props(client.get(address, {"model": model.pk}), "results")["model"] == model.pk


def test_many_images_come_in_pages() -> None:
    dataset = factories.make_dataset()
    ring = factories.make_structure(project=dataset.project)
    model = factories.make_model(dataset=dataset, structures=[ring])
    for number in range(101):
        image = factories.make_image(dataset=dataset, name=f"{number:03}.tif")
        factories.make_segmentation(image=image, model=model, structure=ring)
    client, address = signed_in(dataset.created_by), reverse("dataset-results", args=[dataset.pk])
    first, second = (text(client.get(address, {"page": page})) for page in (1, 2))
    assert "099.tif" in first
    assert "100.tif" not in first
    assert "Page 1 of 2" in first
    assert "100.tif" in second
