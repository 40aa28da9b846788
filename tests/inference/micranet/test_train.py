"""Training learns, is deterministic, stops, and goes on where it stopped."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inference.micranet.config import EpochReport
from inference.micranet.data import TrainingData
from inference.micranet.errors import DataRefused, Stopped
from inference.micranet.model import Model, weights_of
from inference.micranet.train import auto_epochs, train
from tests.inference.micranet.sample import QUICK, training_data, watched


def test_the_bar_runs_from_one_to_the_end_over_all_stages() -> None:
    reports: list[EpochReport] = []
    train(training_data(), QUICK, on_epoch=reports.append)
    assert [r.epoch for r in reports] == list(range(1, 10))
    assert {r.epochs for r in reports} == {9}
    assert [r.stage for r in reports] == ["classify"] * 3 + ["locate"] * 3 + ["refine"] * 3


def test_it_learns_to_answer_unseen_patches() -> None:
    reports: list[EpochReport] = []
    config = replace(QUICK, method="paper", epochs=25, width=8)
    model = train(training_data(), config, on_epoch=reports.append)
    assert max(r.validation_f1[0] for r in reports) > 0.85
    assert reports[-1].train_loss < reports[0].train_loss
    assert model.refiner is None
    assert 0 < model.thresholds[0] < 1


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    data = training_data()
    first, again = train(data, QUICK), train(data, QUICK)
    other = train(data, replace(QUICK, seed=6))
    assert _same(first, again)
    assert not _same(first, other)


def test_training_leaves_the_callers_random_numbers_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    train(training_data(), QUICK)
    assert torch.equal(torch.rand(1), expected)


@pytest.mark.parametrize("batches_before_the_stop", [15, 40, 70])
def test_a_resumed_training_equals_an_unbroken_one(
    tmp_path: Path, batches_before_the_stop: int
) -> None:
    data = training_data()
    asked = iter(range(1000))
    with pytest.raises(Stopped):
        train(
            data,
            QUICK,
            checkpoint=tmp_path,
            should_stop=lambda: next(asked) >= batches_before_the_stop,
        )
    resumed, reports, asked_again = watched(data, QUICK, checkpoint=tmp_path)
    unbroken, expected, asked_unbroken = watched(data, QUICK)
    assert _same(resumed, unbroken)
    assert asked_again < asked_unbroken  # not begun anew
    assert [_without_time(r) for r in reports] == [_without_time(r) for r in expected]
    assert resumed.spec.summary == unbroken.spec.summary


def _without_time(report: EpochReport) -> EpochReport:
    return replace(report, seconds=0)


def test_a_damaged_checkpoint_starts_the_stage_over(tmp_path: Path) -> None:
    data = training_data()
    expected = train(data, QUICK, checkpoint=tmp_path)
    (tmp_path / "classify.safetensors").write_bytes(b"\x00" * 100)
    again, reports, batches = watched(data, QUICK, checkpoint=tmp_path)
    assert [r.epoch for r in reports] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert _same(again, expected)
    assert 0 < batches < watched(data, QUICK)[2]


def test_a_checkpoint_of_other_answers_is_not_used(tmp_path: Path) -> None:
    data = training_data()
    train(data, QUICK, checkpoint=tmp_path)
    changed = replace(data, labels=1 - data.labels)
    assert _same(train(changed, QUICK, checkpoint=tmp_path), train(changed, QUICK))


def test_patches_without_an_answer_change_nothing() -> None:
    data = training_data()
    labels = np.concatenate([data.labels, np.full((8, 1), np.nan, np.float32)])
    strangers = np.full((8, 1, 32, 32), 3.0, np.float32)
    padded = TrainingData(
        np.concatenate([data.patches, strangers]),
        labels,
        np.concatenate([data.validation, np.zeros(8, bool)]),
        structures=("disc",),
    )
    assert _same(train(padded, QUICK), train(data, QUICK))


def test_a_structure_without_an_answer_in_a_patch_is_masked_not_read_as_no() -> None:
    data = training_data()
    labels = np.concatenate([data.labels, data.labels], axis=1)
    labels[::2, 1] = np.nan
    both = replace(data, labels=labels, structures=("disc", "half"))
    reports: list[EpochReport] = []
    model = train(both, QUICK, on_epoch=reports.append)
    assert len(reports[-1].validation_f1) == 2
    assert all(np.isfinite(r.train_loss) and np.isfinite(r.validation_loss) for r in reports)
    assert len(model.thresholds) == 2


def test_constant_patches_train_without_numbers_that_are_none() -> None:
    data = training_data()
    model = train(replace(data, patches=np.full_like(data.patches, 0.5)), QUICK)
    assert all(torch.isfinite(t).all() for t in weights_of(model).values())


@pytest.mark.parametrize("side", [20, 27])
def test_patches_of_any_side_can_be_learnt_from(side: int) -> None:
    data = training_data()
    cut = replace(data, patches=np.ascontiguousarray(data.patches[:, :, :side, :side]))
    assert train(cut, QUICK).spec.patch_size == side


def test_without_a_no_nothing_starts() -> None:
    data = training_data()
    reports: list[EpochReport] = []
    with pytest.raises(DataRefused, match='no "no"'):
        train(replace(data, labels=np.ones_like(data.labels)), QUICK, on_epoch=reports.append)
    assert not reports


def test_float16_patches_are_taken() -> None:
    data = training_data()
    train(replace(data, patches=data.patches.astype(np.float16)), QUICK)


def test_few_patches_get_more_epochs() -> None:
    assert auto_epochs(50, 64) > auto_epochs(1000, 64) >= auto_epochs(100_000, 64) > 0


def _same(one: Model, two: Model) -> bool:
    first, second = weights_of(one), weights_of(two)
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)
