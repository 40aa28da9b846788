"""Heads of narrow view, taught by the answers, mark the structure's own pixels."""

import numpy as np
import pytest
import torch

from inference.micranet.classifier import Batches
from inference.micranet.locator import DILATIONS, HEADS, LocateTask, Locator, located, pooled
from inference.micranet.loop import Plan, fit
from tests.inference.micranet.sample import discs, patches_of, training_data


def test_pooling_takes_the_mean_of_the_highest_share() -> None:
    values = torch.arange(100.0).reshape(1, 1, 10, 10)
    assert pooled(values, 0.1).item() == pytest.approx(np.arange(90, 100).mean())
    assert pooled(values[..., :2, :2], 0.1).item() == 11


@pytest.mark.parametrize("head", range(HEADS))
def test_a_head_sees_no_further_than_its_view(head: int) -> None:
    torch.manual_seed(0)
    locator = Locator(1, 1).eval()
    reach = sum(DILATIONS[: head + 1])
    image = torch.rand(1, 1, 33, 33)
    moved = image.clone()
    moved[0, 0, 16, 16] += 5
    changed = (locator(image) - locator(moved)).abs()[0, head, 0].detach().numpy() > 1e-6
    rows, columns = np.nonzero(changed)
    assert max(abs(rows - 16).max(), abs(columns - 16).max()) <= reach


def test_answers_alone_teach_it_where_the_discs_are() -> None:
    data = training_data()
    batches = Batches(data, torch.device("cpu"))
    torch.manual_seed(0)
    locator = Locator(1, 1, width=8)
    plan = Plan("locate", 25, 3e-3, 8, 25, 0, "")
    task = LocateTask(locator, batches, augment=True)
    fit(task, plan, on_epoch=lambda done: None, should_stop=lambda: False)
    field = discs(256, 256, count=25, seed=1)
    patches, labels = patches_of(field)
    assert np.array_equal(patches, data.patches)
    yes = np.flatnonzero(labels[:, 0] > 0)
    found = located(locator, batches, yes, 0)[:, 0] >= 0
    masks = field.mask.reshape(8, 32, 8, 32).swapaxes(1, 2).reshape(-1, 32, 32)[yes]
    assert 2 * (found & masks).sum() / (found.sum() + masks.sum()) > 0.8
