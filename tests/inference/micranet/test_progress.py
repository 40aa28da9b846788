"""Which epoch's weights are kept, and how they are averaged."""

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import nn

from inference.micranet.averaging import Average
from inference.micranet.course import batch_size
from inference.micranet.progress import Finished, Progress, Validation, restored, stored, worse

EVEN = np.full(100, 0.5, np.float32)
NOISE = np.random.default_rng(0).normal(0, 0.3, 100).astype(np.float32)
FEW = NOISE[:8]


def done(epoch: int, losses: npt.NDArray[np.float32], *, single: bool = True) -> Finished:
    told = losses if single else None
    return Finished(epoch, 0.4, Validation(float(losses.mean()), (0.7,), told), 1.0)


def after(*epochs: Finished) -> Progress:
    progress = Progress()
    for each in epochs:
        progress.add(each, {"weight": torch.tensor([float(each.epoch)])})
    return progress


def kept(progress: Progress) -> float:
    return progress.weights["weight"].item()


def test_a_later_epoch_is_kept_although_its_loss_is_higher_by_chance() -> None:
    lower = EVEN[:8] + FEW
    higher = EVEN[:8] + FEW[::-1] + np.float32(0.02)
    assert higher.mean() > lower.mean()
    assert kept(after(done(1, lower), done(2, higher))) == 2


def test_an_epoch_that_is_worse_beyond_chance_is_not_kept() -> None:
    later = EVEN + np.abs(NOISE)
    progress = after(done(1, EVEN), done(2, later), done(3, later))
    assert kept(progress) == 1
    assert [each.kept for each in progress.epochs] == [True, False, False]
    assert progress.waited == 2


def test_the_bound_is_the_standard_error_of_the_difference() -> None:
    error = float(NOISE.std(ddof=1)) / 10
    centred = NOISE - NOISE.mean()
    lowest = Validation(0.5, (), EVEN)
    for shift, said in ((0.98, False), (1.02, True)):
        losses = EVEN + centred + np.float32(shift * error)
        assert worse(Validation(float(losses.mean()), (), losses), lowest) is said


def test_of_fewer_than_eight_validation_answers_the_latest_epoch_is_kept() -> None:
    higher = EVEN + np.float32(0.4) + np.abs(NOISE)
    assert kept(after(done(1, EVEN[:7]), done(2, higher[:7]))) == 2
    assert kept(after(done(1, EVEN[:8]), done(2, higher[:8]))) == 1


def test_without_losses_of_single_answers_the_lowest_is_kept() -> None:
    epochs = [
        done(n, EVEN + shift, single=False) for n, shift in enumerate((0.2, 0.1, 0.11), start=1)
    ]
    assert kept(after(*epochs)) == 2


def test_a_stored_progress_goes_on_like_an_unbroken_one() -> None:
    first, second = done(1, EVEN), done(2, EVEN + np.abs(NOISE))
    before = after(first, second)
    tensors, epochs = stored(before)
    again = restored(epochs, tensors, before.weights)
    last = done(3, EVEN + NOISE)
    for progress in (before, again):
        progress.add(last, {"weight": torch.tensor([3.0])})
    assert kept(again) == kept(before)
    assert stored(again)[1] == stored(before)[1]
    assert again.waited == before.waited


def test_the_average_is_the_mean_that_its_formula_says() -> None:
    module = nn.BatchNorm1d(1)
    average = Average(module, share=0.5)
    expected = 0.0
    for step, weight in enumerate((1.0, 3.0, -2.0)):
        module.weight.data.fill_(weight)
        module.running_mean.fill_(10 * weight)  # type: ignore[union-attr]
        average.add(step)
        expected += (weight - expected) / (1 + 0.5 * step)
    with average.shown():
        assert module.weight.item() == pytest.approx(expected)
        assert module.running_mean.item() == pytest.approx(10 * expected)  # type: ignore[union-attr]
    assert module.weight.item() == -2


def test_an_average_of_no_share_is_the_weights_themselves() -> None:
    module = nn.Linear(2, 1)
    average = Average(module, share=0)
    for step in range(3):
        module.weight.data.normal_()
        average.add(step)
    with average.shown():
        assert torch.equal(average.tensors()["weight"], module.weight)
        shown = module.weight.clone()
    assert torch.equal(shown, module.weight)


@pytest.mark.parametrize(
    ("patches", "size"), [(20, 4), (100, 8), (204, 17), (384, 32), (5_000, 32)]
)
def test_few_answers_are_learnt_in_small_batches(patches: int, size: int) -> None:
    assert batch_size(patches, 32) == size


def test_a_batch_is_no_larger_than_asked_for() -> None:
    assert batch_size(1_000, 2) == 2
