from typing import Any

import pytest
from django.urls import reverse

from annotations.models import Dataset, Role, User
from annotations.models.label import Answer
from tests import factories
from tests.support.pages import props, signed_in, text

pytestmark = pytest.mark.django_db


def page_of(dataset: Dataset, user: User | None = None) -> Any:
    client = signed_in(user or dataset.created_by)
    return client.get(reverse("dataset", args=[dataset.pk]))


def test_the_page_gives_its_islands_what_they_need() -> None:
    dataset = factories.make_dataset()
    response = page_of(dataset)
    assert props(response, "upload") == {
        "dataset": dataset.pk,
        "role": "manager",
        "folders": False,
    }
    assert props(response, "runs") == {"dataset": dataset.pk}


def test_answers_are_counted_per_structure() -> None:
    dataset = factories.make_dataset(patch_size=32)
    alice = dataset.created_by
    structure = factories.make_structure(project=dataset.project, name="ring")
    image = factories.make_image(dataset=dataset, height=64, width=96)
    for column, value in enumerate((Answer.YES, Answer.NO, Answer.NO)):
        factories.make_label(
            image=image, structure=structure, annotator=alice, column=column, value=value
        )
    page = text(page_of(dataset))
    assert "1 image patches of 32 px 6 patches" in page
    assert "ring 3 of 6 patches 1 yes · 2 no · 0 unsure Models" in page


def test_answers_of_several_people_to_a_patch_are_told_from_answered_patches() -> None:
    dataset = factories.make_dataset(patch_size=32)
    structure = factories.make_structure(project=dataset.project, name="ring")
    image = factories.make_image(dataset=dataset, height=64, width=96)
    for person in (dataset.created_by, factories.make_user()):
        factories.make_label(image=image, structure=structure, annotator=person)
    page = text(page_of(dataset))
    assert "ring 1 of 6 patches 2 yes · 0 no · 0 unsure 2 answers of several people" in page


def test_without_structures_the_manager_is_sent_to_make_one() -> None:
    dataset = factories.make_dataset()
    factories.make_image(dataset=dataset)
    bob = factories.make_member(project=dataset.project, role=Role.ANNOTATOR).user
    assert "the project needs a structure" in text(page_of(dataset))
    assert "a manager of this project has to say what to look for" in text(page_of(dataset, bob))


@pytest.mark.parametrize("role", Role)
def test_only_what_the_reader_may_do_is_offered(role: Role) -> None:
    dataset = factories.make_dataset()
    factories.make_structure(project=dataset.project)
    factories.make_image(dataset=dataset)
    factories.make_model(dataset=dataset)
    reader = factories.make_member(project=dataset.project, role=role).user
    html = page_of(dataset, reader).content.decode()
    annotates, manages = role != Role.VIEWER, role == Role.MANAGER
    assert (reverse("dataset-label", args=[dataset.pk]) in html) == annotates
    assert (reverse("train", args=[dataset.pk]) in html) == annotates
    assert ("Segment all images" in html) == annotates
    assert (reverse("dataset-settings", args=[dataset.pk]) in html) == manages


def test_before_there_is_an_image_nothing_is_offered_that_needs_one() -> None:
    """The scripts of the page show it as soon as the first image is there."""
    dataset = factories.make_dataset()
    factories.make_structure(project=dataset.project)
    needing = '<div class="page-actions" data-with="images"{}>'
    assert needing.format(" hidden") in page_of(dataset).content.decode()
    factories.make_image(dataset=dataset)
    assert needing.format("") in page_of(dataset).content.decode()


@pytest.mark.parametrize("name", ["train", "dataset-results"])
def test_where_images_are_missing_the_page_leads_to_adding_some(name: str) -> None:
    dataset = factories.make_dataset()
    factories.make_structure(project=dataset.project)
    response = signed_in(dataset.created_by).get(reverse(name, args=[dataset.pk]))
    assert "No image yet" in text(response)
    assert f'href="{reverse("dataset", args=[dataset.pk])}">Add images</a>' in (
        response.content.decode()
    )


def epoch(stage: str, loss: float, **f1: float | None) -> dict[str, Any]:
    """One point of a training's history, as the job writes it."""
    return {"stage": stage, "epoch": 1, "train_loss": 1.0, "validation_loss": loss, "f1": f1}


def test_models_are_listed_newest_first_with_the_scores_of_the_classifier_that_was_kept() -> None:
    dataset = factories.make_dataset()
    ring = factories.make_structure(project=dataset.project, name="ring")
    fibre = factories.make_structure(project=dataset.project, name="fibre")
    a, b = str(ring.pk), str(fibre.pk)
    history = [
        epoch("classify", 0.9, **{a: 0.4, b: 0.3}),
        epoch("classify", 0.2, **{a: 0.912, b: None}),
        epoch("classify", 0.5, **{a: 0.99, b: 0.98}),
        epoch("refine", 0.1, **{a: 0.7, b: 0.6}),
    ]
    factories.make_model(dataset=dataset, structures=[ring, fibre], history=history)
    factories.make_model(dataset=dataset, structures=[fibre])
    page = text(page_of(dataset))
    assert "Model 1 v1 · training ring F1 0.91 fibre not measured" in page
    assert "Model 2 v2 · training fibre not measured" in page
    assert page.index("Model 2") < page.index("Model 1")


def test_the_score_is_that_of_the_last_epoch_whose_weights_were_kept() -> None:
    dataset = factories.make_dataset()
    ring = factories.make_structure(project=dataset.project, name="ring")
    key = str(ring.pk)
    losses = [(0.9, 0.4, True), (0.2, 0.5, True), (0.21, 0.73, True), (0.6, 0.99, False)]
    history = [epoch("classify", loss, **{key: f1}) | {"kept": kept} for loss, f1, kept in losses]
    factories.make_model(dataset=dataset, structures=[ring], history=history)
    assert "ring F1 0.73" in text(page_of(dataset))


def test_the_score_of_an_ensemble_is_the_mean_of_its_members() -> None:
    dataset = factories.make_dataset()
    ring = factories.make_structure(project=dataset.project, name="ring")
    key = str(ring.pk)
    history = [
        epoch("classify", 0.1, **{key: 0.9}) | {"member": 1},
        epoch("classify", 0.8, **{key: 0.99}) | {"member": 2},
        epoch("classify", 0.2, **{key: 0.6}) | {"member": 2},
    ]
    factories.make_model(dataset=dataset, structures=[ring], history=history)
    assert "ring F1 0.75" in text(page_of(dataset))


def test_how_many_images_a_model_has_segmented_is_said() -> None:
    dataset = factories.make_dataset()
    ring, fibre = (factories.make_structure(project=dataset.project) for _ in range(2))
    model = factories.make_model(dataset=dataset, structures=[ring, fibre])
    images = [factories.make_image(dataset=dataset) for _ in range(3)]
    for image in images[:2]:
        for structure in (ring, fibre):
            factories.make_segmentation(image=image, model=model, structure=structure)
    assert "2 of 3 images segmented" in text(page_of(dataset))


def test_training_gets_its_own_page() -> None:
    dataset = factories.make_image().dataset
    response = signed_in(dataset.created_by).get(reverse("train", args=[dataset.pk]))
    assert props(response, "train") == {"dataset": dataset.pk}
