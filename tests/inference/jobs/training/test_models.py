"""Trainings make models."""

from dataclasses import replace

import pytest
import torch

from annotations.models import Dataset
from inference.jobs.runner import run as do
from inference.jobs.train import working_downscale
from inference.micranet.model_io import load_model
from inference.models import ModelStructure, ModelVersion, Run
from inference.models.separated import separation_fields
from inference.objects.choice import Separation
from inference.services.runs import TrainOptions, start_training
from tests.factories import make_model
from tests.inference.jobs.training.trained import SHORT, done, start

pytestmark = pytest.mark.django_db


def test_a_training_makes_a_model(dataset: Dataset) -> None:
    run = done(start(dataset))
    assert (run.state, run.error, run.progress) == (Run.State.DONE, "", 1)
    model = ModelVersion.objects.get()
    assert (model.run, model.number, model.name) == (run, 1, "Model 1")
    output = model.outputs.get()
    assert (output.structure.name, output.position) == ("Discs", 0)
    spec = load_model(model.folder).spec
    assert (spec.structures, spec.patch_size, spec.channels) == (("Discs",), 32, 1)
    assert output.threshold == spec.thresholds[0]
    assert output.decision == spec.decisions[0]


def test_what_counts_as_an_object_is_taken_over_from_the_model_before(dataset: Dataset) -> None:
    chosen = Separation("none", smallest=40)
    make_model(dataset=dataset, structures=[dataset.project.structures.get()])
    ModelStructure.objects.update(**separation_fields(chosen))
    output = done(start(dataset)).model_version.outputs.get()
    assert (output.model.number, output.separation) == (2, chosen)


def test_the_curve_has_a_point_for_each_epoch(dataset: Dataset) -> None:
    run = done(start(dataset))
    structure = str(dataset.project.structures.get().pk)
    assert [(point["stage"], point["epoch"]) for point in run.history] == [
        ("classify", 1),
        ("classify", 2),
    ]
    for point in run.history:
        assert point["train_loss"] > 0
        assert point["validation_loss"] > 0
        assert 0 <= point["f1"][structure] <= 1


def test_models_are_numbered_and_named(dataset: Dataset) -> None:
    done(start(dataset))
    done(start(dataset, TrainOptions(name="Second try", epochs=1, method="paper")))
    assert list(ModelVersion.objects.order_by("number").values_list("number", "name")) == [
        (1, "Model 1"),
        (2, "Second try"),
    ]


def test_a_training_goes_on_from_an_earlier_model_of_renamed_structures(dataset: Dataset) -> None:
    done(start(dataset, TrainOptions(epochs=2, downscale=2, method="paper")))
    first = ModelVersion.objects.get()
    dataset.project.structures.update(name="Renamed")
    run = start_training(by=dataset.created_by, dataset=dataset, options=SHORT, start=first)
    assert (done(run).state, run.error) == (Run.State.DONE, "")
    earlier, later = load_model(first.folder), load_model(run.model_version.folder)
    assert (later.spec.structures, later.spec.downscale) == (("Renamed",), 2)
    for before, after in zip(earlier.network.layers[:6], later.network.layers[:6], strict=True):
        kept = after.state_dict()
        assert all(torch.equal(tensor, kept[name]) for name, tensor in before.state_dict().items())
    # Its output was known by its row, not by its name: two epochs at a low rate hardly move it.
    moved = (later.network.linear.weight - earlier.network.linear.weight).abs().max()
    assert 0 < moved < 0.02


def test_a_model_to_start_from_that_is_gone_fails_the_training_with_a_sentence(
    dataset: Dataset,
) -> None:
    done(start(dataset))
    first = ModelVersion.objects.get()
    run = start_training(by=dataset.created_by, dataset=dataset, options=SHORT, start=first)
    first.delete()
    assert done(run).state == Run.State.FAILED
    assert "has been deleted. Train again without it" in run.error


def test_several_models_are_trained_and_kept_as_one(dataset: Dataset) -> None:
    run = done(start(dataset, replace(SHORT, members=2)))
    assert (run.state, run.error) == (Run.State.DONE, "")
    assert [(point["member"], point["epoch"]) for point in run.history] == [
        (1, 1), (1, 2), (2, 3), (2, 4),
    ]  # fmt: skip
    assert len(load_model(ModelVersion.objects.get().folder).members) == 2
    assert not (run.folder / "checkpoint").exists()


def test_a_training_that_was_queued_before_there_were_such_choices_runs(dataset: Dataset) -> None:
    run = start(dataset)
    for name in ("start", "members", "turned"):
        del run.params[name]
    run.save()
    assert done(run).state == Run.State.DONE


def test_a_model_learns_from_patches_as_they_lie_where_that_is_asked_for(dataset: Dataset) -> None:
    run = done(start(dataset, replace(SHORT, turned=False)))
    assert (run.state, run.error) == (Run.State.DONE, "")
    model = load_model(ModelVersion.objects.get().folder)
    assert model.spec.summary["config"]["augment"] is False
    # Nor does it look at windows mirrored.
    assert model.spec.mirrored is False


def test_a_finished_training_leaves_no_checkpoint(dataset: Dataset) -> None:
    run = done(start(dataset))
    assert not (run.folder / "checkpoint").exists()


def test_a_training_that_is_delivered_twice_makes_one_model(dataset: Dataset) -> None:
    run = done(start(dataset))
    do(run.pk)
    # As if the worker had died between the model and the end of the run.
    Run.objects.filter(pk=run.pk).update(state=Run.State.QUEUED, finished_at=None)
    assert done(run).state == Run.State.DONE
    assert ModelVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("patch_size", "factor"), [(16, 1), (63, 1), (64, 2), (128, 2), (255, 2), (256, 4), (1024, 4)]
)
def test_large_patches_are_shrunk_for_the_network(patch_size: int, factor: int) -> None:
    assert working_downscale(patch_size) == factor
