"""Trainings on few answers, on none, and on those that changed since."""

import pytest

from annotations.models import Dataset, Image, Label
from annotations.models.label import Answer
from inference.models import ModelVersion, Run
from inference.services.runs import cancel_run, retry_run
from tests.factories import make_image, make_label, make_structure
from tests.inference.jobs.labelled import answer
from tests.inference.jobs.training.trained import done, start

pytestmark = pytest.mark.django_db


def test_an_answer_that_validation_lacks_is_no_number_and_no_failure(dataset: Dataset) -> None:
    """A second structure is answered about on the training image alone."""
    second = make_structure(project=dataset.project, name="Corners")
    first = start(dataset)
    cancel_run(by=dataset.created_by, run=first)
    image = dataset.images.get(split=Image.Split.TRAIN)
    for column, value in enumerate((Answer.YES, Answer.NO)):
        make_label(
            image=image, structure=second, annotator=dataset.created_by, column=column, value=value
        )
    run = done(start(dataset))
    assert (run.state, run.error) == (Run.State.DONE, "")
    assert [point["f1"][str(second.pk)] for point in run.history] == [None, None]


def test_validation_without_any_answer_of_a_structure_still_gives_a_model(
    dataset: Dataset,
) -> None:
    run = start(dataset)
    Label.objects.filter(image__split=Image.Split.VALIDATION).delete()
    assert (done(run).state, run.error) == (Run.State.DONE, "")


def test_answers_that_are_taken_back_before_it_starts_fail_it_with_a_sentence(
    dataset: Dataset,
) -> None:
    run = start(dataset)
    Label.objects.all().delete()
    assert done(run).state == Run.State.FAILED
    assert run.error == "The answers have been taken back. Label patches and train again."
    assert not ModelVersion.objects.exists()


def test_a_failed_training_is_started_again_after_the_cause_is_gone(dataset: Dataset) -> None:
    run = start(dataset)
    Label.objects.all().delete()
    done(run)
    for image in dataset.images.all():
        answer(image, dataset.project.structures.get())
    retry_run(by=dataset.created_by, run=run)
    assert done(run).state == Run.State.DONE


def test_images_added_since_do_not_change_what_was_decided(dataset: Dataset) -> None:
    run = start(dataset)
    new = make_image(dataset=dataset, height=96, width=96, store=True)
    answer(new, dataset.project.structures.get())
    assert done(run).state == Run.State.DONE
    new.refresh_from_db()
    assert new.split == ""
