"""Patches that nobody answered teach what the answers let expect of them, and are no answers."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
import torch

from annotations.guesses import guesses
from inference.micranet.classifier import Batches, measuring_indices, positive_weights
from inference.micranet.course import fingerprint, shown_in
from inference.micranet.data import TrainingData, check_trainable
from inference.micranet.errors import DataRefused
from inference.micranet.guessed import TOGETHER, room_for_guesses, with_guesses
from inference.micranet.metrics import area_under_curve
from inference.micranet.scoring import score_window
from inference.micranet.train import train
from tests.inference.micranet.sample import QUICK, discs, patches_of, training_data, watched

Features = npt.NDArray[np.float32]


def _features(patches: npt.NDArray[np.float32]) -> Features:
    """Mean, spread and largest value of each patch."""
    flat = patches.reshape(len(patches), -1)
    found = np.stack([flat.mean(axis=1), flat.std(axis=1), flat.max(axis=1)], axis=1)
    return np.asarray(found, dtype=np.float32)


def _few(answered: int = 24) -> tuple[TrainingData, TrainingData]:
    """The first patches as answered, and all others."""
    data = training_data()
    first, rest = np.arange(answered), np.arange(answered, len(data.patches))

    def part(rows: npt.NDArray[np.intp]) -> TrainingData:
        return replace(
            data,
            patches=data.patches[rows],
            labels=data.labels[rows],
            validation=data.validation[rows],
        )

    return part(first), part(rest)


def _guessed(data: TrainingData, rest: TrainingData) -> TrainingData:
    return with_guesses(
        data,
        _features(data.patches),
        others=rest.patches,
        other_features=_features(rest.patches),
    )


def test_the_expectation_is_a_gaussian_process_of_the_training_answers_alone() -> None:
    data, rest = _few()
    both = _guessed(data, rest)
    teaching = np.flatnonzero(~data.validation)
    features = _features(np.concatenate([data.patches, rest.patches]))
    expected = guesses(features, teaching, data.labels[teaching, 0] > 0.5)[len(data.labels) :]
    np.testing.assert_array_equal(both.labels[len(data.labels) :, 0], expected)
    np.testing.assert_allclose(both.weights[len(data.labels) :, 0], abs(2 * expected - 1))  # type: ignore[index]
    assert (both.weights[: len(data.labels)] == 1).all()  # type: ignore[index]

    turned = data.labels.copy()
    turned[data.validation] = 1 - turned[data.validation]
    again = _guessed(replace(data, labels=turned), rest)
    np.testing.assert_array_equal(again.labels[len(data.labels) :], both.labels[len(data.labels) :])


def test_guesses_teach_and_never_measure() -> None:
    data, rest = _few()
    both = _guessed(data, rest)
    assert both.guessed is not None
    np.testing.assert_array_equal(both.guessed, np.arange(64) >= 24)
    np.testing.assert_array_equal(both.by_people, np.arange(64) < 24)
    assert not both.validation[24:].any()
    np.testing.assert_array_equal(measuring_indices(both), measuring_indices(data))
    alone = replace(both, validation=np.zeros(64, dtype=bool))
    np.testing.assert_array_equal(measuring_indices(alone), np.arange(24))


def test_of_a_patch_without_numbers_nothing_is_expected() -> None:
    data, rest = _few()
    features = _features(rest.patches)
    features[3] = np.nan
    both = with_guesses(data, _features(data.patches), others=rest.patches, other_features=features)
    assert len(both.patches) == 63
    np.testing.assert_array_equal(both.patches[24:27], rest.patches[:3])
    np.testing.assert_array_equal(both.patches[27], rest.patches[4])


def test_a_structure_with_one_kind_of_answer_is_not_guessed() -> None:
    data, rest = _few()
    labels = np.concatenate([data.labels, np.ones_like(data.labels)], axis=1)
    two = replace(data, labels=labels, structures=("disc", "always"))
    both = _guessed(two, rest)
    assert np.isnan(both.labels[24:, 1]).all()
    assert not np.isnan(both.labels[24:, 0]).any()
    only = replace(data, labels=np.ones_like(data.labels))
    assert len(_guessed(only, rest).patches) == 24


def test_guesses_do_not_make_up_for_a_missing_answer() -> None:
    data, rest = _few()
    both = _guessed(data, rest)
    both.labels[:24] = 1
    with pytest.raises(DataRefused, match='has no "no"'):
        check_trainable(both)


@pytest.mark.parametrize("marks", [np.ones(3, dtype=bool), np.ones(64, dtype=bool)])
def test_marks_of_other_patches_or_of_those_that_measure_are_refused(
    marks: npt.NDArray[np.bool_],
) -> None:
    with pytest.raises(DataRefused, match="Guesses must be marked"):
        replace(training_data(), guessed=marks)


def test_a_guess_counts_in_the_balance_by_its_certainty() -> None:
    data = TrainingData(
        patches=np.zeros((4, 1, 8, 8), np.float32),
        labels=np.array([[1], [0], [0.25], [0.5]], np.float32),
        validation=np.zeros(4, dtype=bool),
        weights=np.array([[1], [1], [0.5], [0]], np.float32),
        guessed=np.array([False, False, True, True]),
    )
    # No: 1 + 0.5 * 0.75, yes: 1 + 0.5 * 0.25.
    np.testing.assert_allclose(positive_weights(data), [1.375 / 1.125])
    np.testing.assert_allclose(Batches(data, torch.device("cpu")).positive, [1.375 / 1.125])


def test_no_more_is_guessed_than_there_is_room_for() -> None:
    assert room_for_guesses(40) == TOGETHER - 40
    assert room_for_guesses(TOGETHER) == room_for_guesses(5 * TOGETHER) == 0


def test_another_guess_makes_another_training() -> None:
    data, rest = _few()
    both = _guessed(data, rest)
    as_answers = replace(both, guessed=None)
    found = {fingerprint(one, QUICK) for one in (data, both, as_answers)}
    assert len(found) == 3


def test_a_network_of_few_answers_learns_more_with_guesses() -> None:
    data, rest = _few(8)
    config = replace(QUICK, method="paper", epochs=4, width=8)
    patches, labels = patches_of(discs(256, 256, count=25, seed=9))
    found = []
    for taught in (data, _guessed(data, rest)):
        model = train(taught, config)
        scores = score_window(model)(torch.from_numpy(patches)).numpy()[:, 0]
        found.append(area_under_curve(scores, labels[:, 0] > 0.5))
    assert found[0] < 0.9
    assert found[1] > 0.95
    assert (model.spec.summary["patches"], model.spec.summary["guessed"]) == (8, 56)


def test_pixels_are_taught_by_answers_alone() -> None:
    data, rest = _few()
    both = _guessed(data, rest)
    np.testing.assert_array_equal(both.without_guesses().patches, data.patches)
    np.testing.assert_array_equal(both.without_guesses().labels, data.labels)
    assert data.without_guesses() is data
    assert (shown_in("classify", both), shown_in("refine", both)) == (18 + 40, 18)
    _, reports, batches = watched(both, QUICK)
    assert [report.stage for report in reports] == ["classify"] * 3 + ["locate"] * 3 + [
        "refine"
    ] * 3
    # Three epochs each, whole batches of 4: of 58 patches, and twice of 18.
    assert batches == 3 * 14 + 2 * 3 * 4
