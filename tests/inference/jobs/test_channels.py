"""A model is refused for other channels than it was trained on."""

from pathlib import Path

import pytest

from annotations.models import Dataset, Image
from inference.jobs.channels import check_channels, trained_channels
from inference.jobs.runner import run as do
from inference.micranet.errors import ModelRefused
from inference.models import ModelVersion, Run
from inference.services.runs import TrainOptions, start_training
from tests.factories import make_dataset, make_image, make_model, make_run, make_structure
from tests.inference.jobs.labelled import make_labelled
from tests.inference.jobs.untrained import write_untrained

pytestmark = pytest.mark.django_db


def _named(image: Image, *names: str) -> None:
    first = image.channels[0]
    image.channels = [{**first, "name": name} for name in names]
    image.save(update_fields=["channels"])


@pytest.mark.parametrize(
    ("trained", "names"),
    [
        (["Actin"], ["DAPI"]),
        (["Actin", "DAPI"], ["DAPI", "Actin"]),
        (["Channel 1"], ["Channel 2"]),
    ],
)
def test_other_names_are_refused_naming_both(trained: list[str], names: list[str]) -> None:
    with pytest.raises(ModelRefused) as refusal:
        check_channels(ModelVersion(channels=trained), names)
    assert f"trained on {', '.join(trained)}, this is {', '.join(names)}:" in str(refusal.value)


@pytest.mark.parametrize(
    ("trained", "names"),
    [
        (["Actin"], ["actin "]),
        (["Actin"], ["Channel 1"]),
        ([""], ["DAPI"]),
        ([], ["DAPI"]),
    ],
)
def test_the_same_or_unknown_names_are_not(trained: list[str], names: list[str]) -> None:
    check_channels(ModelVersion(channels=trained), names)


def test_names_are_those_of_the_working_view_where_images_agree(data_root: Path) -> None:
    dataset = make_dataset(used_channels=[1])
    for split in (Image.Split.TRAIN, Image.Split.VALIDATION):
        _named(make_image(dataset=dataset, split=split), "DAPI", "Actin")
    assert trained_channels(dataset) == ["Actin"]
    _named(make_image(dataset=dataset, split=Image.Split.TRAIN), "DAPI", "Tubulin")
    assert trained_channels(dataset) == []


def test_an_image_of_another_channel_is_named_and_the_other_segmented(data_root: Path) -> None:
    dataset: Dataset = make_dataset(patch_size=32)
    model = make_model(dataset=dataset, structures=[make_structure(project=dataset.project)])
    write_untrained(model)
    ModelVersion.objects.filter(pk=model.pk).update(channels=["Actin"])
    for name, channel in (("a.tif", "Actin"), ("b.tif", "DAPI")):
        image = make_image(dataset=dataset, name=name, height=50, width=75, store=True)
        _named(image, channel)
    images = list(dataset.images.values_list("pk", flat=True))
    run = make_run(dataset=dataset, kind=Run.Kind.SEGMENT, uses=model, params={"images": images})
    do(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert "b.tif: The model was trained on Actin, this is DAPI:" in run.error
    assert list(model.segmentations.values_list("image__name", flat=True)) == ["a.tif"]


def test_a_training_keeps_names_and_does_not_start_from_a_model_of_others(data_root: Path) -> None:
    dataset, _ = make_labelled()
    for image in dataset.images.all():
        _named(image, "Actin")
    short, by = TrainOptions(epochs=1, method="paper"), dataset.created_by
    do(start_training(by=by, dataset=dataset, options=short).pk)
    first = ModelVersion.objects.get()
    assert first.channels == ["Actin"]
    ModelVersion.objects.filter(pk=first.pk).update(channels=["DAPI"])
    run = start_training(by=by, dataset=dataset, options=short, start=first)
    do(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert "trained on DAPI, this is Actin:" in run.error
