"""Data that cannot be learnt from is refused, naming what is missing."""

from dataclasses import replace

import numpy as np
import pytest

from inference.micranet.config import TrainConfig
from inference.micranet.data import TrainingData, check_trainable
from inference.micranet.errors import DataRefused
from tests.inference.micranet.sample import training_data


def test_the_patch_size_counts_pixels_of_the_full_image() -> None:
    assert replace(training_data(), downscale=2).patch_size == 64


@pytest.mark.parametrize(("value", "missing"), [(1.0, "no"), (0.0, "yes")])
def test_one_class_only_is_refused(value: float, missing: str) -> None:
    data = training_data()
    data.labels[~data.validation] = value
    with pytest.raises(DataRefused, match=f'"disc" has no "{missing}"'):
        check_trainable(data)


def test_pixels_that_are_no_numbers_are_refused() -> None:
    data = training_data()
    patches = data.patches.copy()
    patches[40, 0, 3, 3] = np.nan
    with pytest.raises(DataRefused, match="NaN or infinite"):
        replace(data, patches=patches)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"patches": np.zeros((64, 1, 32, 16), np.float32)}, "shape"),
        ({"labels": np.zeros((3, 1), np.float32)}, "must match"),
        ({"labels": np.full((64, 1), 2, np.float32)}, "between 0"),
        ({"weights": np.ones((64, 2), np.float32)}, "Weights"),
        ({"structures": ("a", "b")}, "one name per structure"),
        ({"downscale": 3}, "not by 3"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataRefused, match=message):
        replace(training_data(), **change)  # type: ignore[arg-type]


def test_structures_are_named_when_nobody_did() -> None:
    data = training_data()
    unnamed = TrainingData(data.patches, data.labels, data.validation)
    assert unnamed.structures == ("structure 1",)


@pytest.mark.parametrize(
    "change", [{"method": "magic"}, {"epochs": 0}, {"batch_size": 0}, {"learning_rate": 0.0}]
)
def test_a_configuration_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(DataRefused):
        TrainConfig(**change)  # type: ignore[arg-type]
