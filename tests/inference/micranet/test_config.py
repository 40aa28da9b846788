"""What can be chosen for a training is checked, and does what it says."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import interpolate

from inference.micranet.classifier import Batches, predict_logits
from inference.micranet.config import Combiner, TrainConfig
from inference.micranet.errors import DataRefused
from inference.micranet.maps import LocalMapper
from inference.micranet.model import Model
from inference.micranet.pixelmap import map_window
from inference.micranet.thresholds import triangle
from inference.micranet.train import train
from tests.inference.micranet.sample import QUICK, training_data

PAPER = replace(QUICK, method="paper", epochs=8, width=8)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"method": "magic"}, "paper, refined"),
        ({"combiner": "mean"}, "pca, sum, product"),
        ({"threshold_rule": "guess"}, "otsu, triangle, percentile, fixed"),
        ({"epochs": 0}, "at least 1"),
        ({"members": 0}, "1 to 10 members"),
        ({"members": 11}, "1 to 10 members"),
        ({"layers": ()}, "Layers"),
        ({"layers": (1, 1)}, "Layers"),
        ({"layers": (1, 8)}, "Layers"),
        ({"layers": (0,)}, "Layers"),
        ({"positive_weights": (0.0,)}, "above zero"),
        ({"positive_weights": (-1.0,)}, "above zero"),
        ({"positive_weights": (float("nan"),)}, "above zero"),
        ({"positive_weights": (float("inf"),)}, "above zero"),
        ({"threshold_rule": "fixed", "threshold_value": 1.1}, "between 0 and 1"),
        ({"threshold_rule": "fixed", "threshold_value": float("nan")}, "between 0 and 1"),
        ({"threshold_rule": "percentile", "threshold_value": -1}, "between 0 and 100"),
        ({"threshold_rule": "otsu", "threshold_value": 0.5}, "takes no value"),
        ({"threshold_rule": "triangle", "threshold_value": 0.5}, "takes no value"),
        ({"method": "refined", "threshold_rule": "triangle"}, 'the method "paper"'),
        ({"method": "refined", "threshold_value": 0.3}, 'the method "paper"'),
    ],
)
def test_a_choice_that_cannot_be_is_refused(chosen: dict[str, Any], said: str) -> None:
    with pytest.raises(DataRefused, match=said):
        TrainConfig(**{"method": "paper"} | chosen)


@pytest.mark.parametrize("weights", [(), (1.0, 2.0)])
def test_there_is_one_positive_weight_per_structure(weights: tuple[float, ...]) -> None:
    with pytest.raises(DataRefused, match="one positive weight per structure: 1, not"):
        train(training_data(), replace(PAPER, positive_weights=weights))


def test_a_positive_weight_moves_only_its_own_structures_scores() -> None:
    data = training_data()
    both = replace(
        data, labels=np.repeat(data.labels, 2, axis=1), structures=("eager", "reluctant")
    )
    model = train(both, replace(PAPER, positive_weights=(10.0, 0.1)))
    logits = predict_logits(
        model.network, Batches(both, model.device), np.arange(len(both.patches))
    )
    eager, reluctant = torch.sigmoid(logits).mean(dim=0)
    assert eager > reluctant + 0.2


def test_without_positive_weights_those_of_the_answers_count() -> None:
    data = training_data()
    yes = int(np.nansum(data.labels[~data.validation]))
    no = int((~data.validation).sum()) - yes
    default = Batches(data, torch.device("cpu")).positive
    assert default.tolist() == pytest.approx([no / yes])
    assert Batches(data, torch.device("cpu"), (7.0,)).positive.tolist() == [7.0]


@pytest.mark.parametrize("layers", [(1, 2, 3, 4, 5, 6, 7), (2, 4), (6, 7), (5, 3)])
@pytest.mark.parametrize("combiner", ["sum", "product"])
def test_the_combiner_and_layers_chosen_make_the_maps(
    combiner: Combiner, layers: tuple[int, ...]
) -> None:
    config = replace(PAPER, epochs=1, combiner=combiner, layers=layers)
    model = train(training_data(), config)
    assert (model.spec.combiner, model.spec.layers) == (combiner, layers)
    everywhere = replace(model, spec=replace(model.spec, decisions=(0.0,)))
    batch = torch.from_numpy(training_data().patches[:6])
    found = map_window(everywhere, "float32")(batch)
    for patch, one in zip(batch, found, strict=True):
        expected = _by_hand(model, patch, combiner)
        assert np.allclose(one[0].numpy(), expected, atol=1e-4)


def _by_hand(model: Model, patch: torch.Tensor, combiner: Combiner) -> np.ndarray:
    """The paper's recipe for one patch, in numpy."""
    _, local = LocalMapper(model.network)(patch[None])
    coarse = interpolate(local[8], size=patch.shape[1:])[0, 0].numpy()
    total = np.full(patch.shape[1:], 1.0 if combiner == "product" else 0.0)
    for layer in model.spec.layers:
        values = interpolate(local[layer], size=patch.shape[1:])[0, 0].double().numpy()
        if np.ptp(values) <= 1e-12 * abs(values.max()):
            scaled = np.zeros_like(values)
        else:
            scaled = (values - values.min()) / np.ptp(values)
        total = total * scaled if combiner == "product" else total + scaled
    inside = total[coarse > 0]
    if not inside.size or np.ptp(inside) == 0:
        return np.zeros_like(total)
    return np.asarray(np.clip((total - inside.min()) / np.ptp(inside), 0, 1))


def test_the_thresholds_rule_is_the_one_chosen() -> None:
    data = training_data()
    model = train(data, replace(PAPER, threshold_rule="fixed", threshold_value=0.3))
    assert model.thresholds == (0.3,)
    assert train(data, replace(PAPER, threshold_rule="fixed")).thresholds == (0.5,)
    yes = np.flatnonzero((data.labels[:, 0] > 0.5) & ~data.validation)
    maps = map_window(model)(torch.from_numpy(data.patches[yes])).numpy()
    for value, share in ((None, 80), (95.0, 95)):
        config = replace(PAPER, threshold_rule="percentile", threshold_value=value)
        expected = np.sort(maps.ravel())[int(maps.size * share / 100)]
        assert train(data, config).thresholds[0] == pytest.approx(expected, abs=1e-3)
    by_triangle = train(data, replace(PAPER, threshold_rule="triangle")).thresholds[0]
    assert by_triangle == pytest.approx(triangle(maps), abs=0.01)
