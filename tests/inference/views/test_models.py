import pytest
from django.urls import reverse

from annotations.models import Image, Role
from inference.models import Run
from tests import factories
from tests.support.pages import said, signed_in

pytestmark = pytest.mark.django_db


def test_segmenting_starts_a_run_over_all_ready_images() -> None:
    model = factories.make_model()
    ready = [factories.make_image(dataset=model.dataset).pk for _ in range(2)]
    factories.make_image(dataset=model.dataset, state=Image.State.REFUSED, error="Empty.")
    response = signed_in(model.dataset.created_by).post(reverse("model-segment", args=[model.pk]))
    run = Run.objects.get(kind=Run.Kind.SEGMENT)
    assert response["Location"] == reverse("run", args=[run.pk])
    assert run.uses == model
    assert sorted(run.params["images"]) == sorted(ready)


def test_segmenting_nothing_says_what_is_missing() -> None:
    model = factories.make_model()
    response = signed_in(model.dataset.created_by).post(
        reverse("model-segment", args=[model.pk]), follow=True
    )
    assert said(response) == "There are no images yet. Upload some first."
    assert not Run.objects.filter(kind=Run.Kind.SEGMENT).exists()


def test_a_viewer_may_make_a_download() -> None:
    model = factories.make_model()
    image = factories.make_image(dataset=model.dataset)
    structure = model.structures.get()
    factories.make_segmentation(image=image, model=model, structure=structure)
    dora = factories.make_member(project=model.dataset.project, role=Role.VIEWER).user
    response = signed_in(dora).post(reverse("model-export", args=[model.pk]))
    run = Run.objects.get(kind=Run.Kind.EXPORT)
    assert response["Location"] == reverse("run", args=[run.pk])
    assert run.created_by == dora


def test_a_download_of_nothing_says_what_to_do() -> None:
    model = factories.make_model()
    factories.make_image(dataset=model.dataset)
    response = signed_in(model.dataset.created_by).post(
        reverse("model-export", args=[model.pk]), follow=True
    )
    assert "Segment them first." in said(response)
