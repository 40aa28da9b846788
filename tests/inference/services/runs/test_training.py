"""Starting a training."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations.errors import Rejected
from annotations.models import Dataset, Image, Role, Structure
from inference.models import Run
from inference.services.runs import TrainOptions, start_training
from tests.factories import make_dataset, make_model, make_structure
from tests.inference.services.runs.members import member

pytestmark = pytest.mark.django_db


def test_a_training_is_queued_with_its_choices(
    dataset: Dataset,
    rings: Structure,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    annotator = member(dataset, Role.ANNOTATOR)
    options = TrainOptions(
        name="First", epochs=5, downscale=2, method="paper", members=2, turned=False
    )
    start = make_model(dataset=dataset, structures=[rings])
    with django_capture_on_commit_callbacks() as sent:
        run = start_training(by=annotator, dataset=dataset, options=options, start=start)
    run.refresh_from_db()
    assert (run.kind, run.state, run.created_by, run.uses) == ("train", "queued", annotator, None)
    assert run.params == {
        "name": "First", "epochs": 5, "downscale": 2, "method": "paper", "members": 2,
        "turned": False, "start": start.pk, "structures": [rings.pk],
    }  # fmt: skip
    assert len(sent) == 1


def test_starting_a_training_decides_the_splits(dataset: Dataset) -> None:
    start_training(by=dataset.created_by, dataset=dataset, options=TrainOptions())
    first = dict(dataset.images.values_list("pk", "split"))
    assert sorted(first.values()) == [Image.Split.TRAIN, Image.Split.VALIDATION]
    start_training(by=dataset.created_by, dataset=dataset, options=TrainOptions())
    assert dict(dataset.images.values_list("pk", "split")) == first


def test_a_training_without_enough_answers_is_rejected_with_the_reasons(dataset: Dataset) -> None:
    dataset.images.latest("pk").delete()
    with pytest.raises(Rejected, match="one image only"):
        start_training(by=dataset.created_by, dataset=dataset, options=TrainOptions())
    assert not Run.objects.exists()
    assert set(dataset.images.values_list("split", flat=True)) == {""}


def test_a_structure_of_another_project_is_not_trained(dataset: Dataset) -> None:
    with pytest.raises(Rejected, match="another project"):
        start_training(
            by=dataset.created_by,
            dataset=dataset,
            structures=[make_structure()],
            options=TrainOptions(),
        )
    assert not Run.objects.exists()


def test_a_training_starts_from_models_of_its_own_data_set_only(
    dataset: Dataset, rings: Structure
) -> None:
    other = make_model(dataset=make_dataset(project=dataset.project), structures=[rings])
    before = Run.objects.count()
    with pytest.raises(Rejected, match="another data set") as refusal:
        start_training(by=dataset.created_by, dataset=dataset, options=TrainOptions(), start=other)
    assert refusal.value.field == "start"
    assert Run.objects.count() == before


@pytest.mark.parametrize("members", [0, 6])
def test_one_to_five_models_can_be_averaged(dataset: Dataset, members: int) -> None:
    with pytest.raises(Rejected, match="One to 5") as refusal:
        start_training(
            by=dataset.created_by, dataset=dataset, options=TrainOptions(members=members)
        )
    assert refusal.value.field == "members"
