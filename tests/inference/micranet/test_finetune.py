"""Fine-tuning keeps the earlier model's features and learns what is new."""

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from inference.micranet.classifier import Batches, predict_logits
from inference.micranet.config import TrainConfig
from inference.micranet.course import fingerprint, stages_of
from inference.micranet.data import TrainingData
from inference.micranet.errors import ModelRefused, Stopped
from inference.micranet.finetune import FROZEN, started_member
from inference.micranet.metrics import area_under_curve
from inference.micranet.model import Model, build, ensemble, weights_of
from inference.micranet.network import MicraNet
from inference.micranet.train import train
from tests.inference.micranet.sample import QUICK, discs, patches_of, training_data, watched

PAPER = replace(QUICK, method="paper", width=8)


@functools.cache
def start() -> Model:
    return train(training_data(), replace(QUICK, epochs=12, refine_epochs=4, width=8))


def shifted(seed: int, *, structures: tuple[str, ...] = ("disc",)) -> TrainingData:
    """Discs that are darker than their ground instead of brighter, and fainter."""
    patches, labels = patches_of(discs(256, 256, count=25, seed=seed))
    validation = np.arange(len(patches)) % 4 == 3
    labels = np.repeat(labels, len(structures), axis=1)
    return TrainingData(0.7 - 0.5 * patches, labels, validation, structures=structures)


def test_the_first_six_layers_stay_bit_for_bit_and_the_rest_learns() -> None:
    before = {name: tensor.clone() for name, tensor in weights_of(start()).items()}
    tuned = train(shifted(2), PAPER, start=start())
    after = weights_of(tuned)
    frozen = [
        name for name in after if name.startswith("network/layers.") and _layer(name) < FROZEN
    ]
    learnt = [name for name in after if name not in frozen]
    assert len(frozen) == 6 * 7  # conv weight and bias, and five tensors of batch norm
    assert all(torch.equal(after[name], before[name]) for name in frozen)
    assert not any(torch.equal(after[name], before[name]) for name in learnt)
    untouched = weights_of(start())
    assert all(torch.equal(untouched[name], before[name]) for name in before)


def _layer(name: str) -> int:
    return int(name.split(".")[1])


def test_a_few_epochs_on_shifted_images_beat_the_earlier_model() -> None:
    """Mean over three sets: one alone falls out by the processor's rounding."""
    missed, missed_before = [], []
    for seed in (2, 3, 4):
        tuned = train(shifted(seed), replace(PAPER, epochs=8), start=start())
        unseen = shifted(seed + 9)
        missed.append(1 - _auc(tuned, unseen))
        missed_before.append(1 - _auc(start(), unseen))
    assert sum(missed) < min(sum(missed_before) / 2, 0.3)


def _auc(model: Model, data: TrainingData) -> float:
    logits = predict_logits(
        model.network.eval(), Batches(data, model.device), np.arange(len(data.patches))
    )
    return area_under_curve(logits[:, 0].numpy(), data.labels[:, 0] > 0.5)


def test_the_refiner_goes_on_from_the_earlier_one_and_none_of_it_is_frozen() -> None:
    earlier = _parameters(start())
    barely = replace(QUICK, epochs=1, learning_rate=1e-9)
    for name, values in _parameters(train(shifted(2), barely, start=start())).items():
        assert torch.allclose(values, earlier[name], atol=1e-6)
    for name, values in _parameters(train(shifted(2), QUICK, start=start())).items():
        assert not torch.equal(values, earlier[name])


def _parameters(model: Model) -> dict[str, Tensor]:
    assert model.refiner is not None
    return {name: values.detach() for name, values in model.refiner.named_parameters()}


def test_structures_keep_their_outputs_by_name_and_new_ones_start_fresh() -> None:
    earlier = build(replace(start().spec, structures=("ring", "disc")))
    spec = replace(start().spec, structures=("disc", "new"))
    member = started_member(spec, earlier, 0)
    assert member.refiner is not None
    assert earlier.refiner is not None
    heads = (
        (member.network.linear, earlier.network.linear),
        (member.refiner.last, earlier.refiner.last),
    )
    for head, old in heads:
        assert torch.equal(head.weight[0], old.weight[1])
        assert head.bias is not None
        assert old.bias is not None
        assert torch.equal(head.bias[0], old.bias[1])
        assert not any(torch.equal(head.weight[1], row) for row in old.weight)


def test_a_new_structure_is_learnt_beside_a_known_one() -> None:
    data = shifted(2, structures=("new", "disc"))
    assert train(data, PAPER, start=start()).spec.structures == ("new", "disc")


def test_the_earlier_models_width_is_kept_and_its_refiner_may_be_left_or_added() -> None:
    without = train(shifted(2), replace(PAPER, width=32), start=start())
    assert (without.spec.width, without.refiner) == (8, None)
    assert train(shifted(2), QUICK, start=without).refiner is not None


def test_the_members_of_an_ensemble_are_taken_in_turn() -> None:
    spec = start().spec
    earlier = build(replace(spec, members=2))
    members = [started_member(spec, earlier, number) for number in range(3)]
    first = [_first_weights(old.network) for old in earlier.members]
    same = [[torch.equal(_first_weights(one.network), old) for old in first] for one in members]
    assert same == [[True, False], [False, True], [True, False]]


def _first_weights(network: MicraNet) -> Tensor:
    weights: Tensor = network.state_dict()["layers.0.conv.weight"]
    return weights


def test_a_model_of_other_channels_is_refused_before_anything_starts() -> None:
    data = training_data()
    two = replace(data, patches=np.repeat(data.patches, 2, axis=1))
    with pytest.raises(ModelRefused, match="trained on 1 channels, these images have 2"):
        train(two, PAPER, start=start())


@pytest.mark.parametrize("batches_before_the_stop", [15, 40, 70])
def test_a_resumed_fine_tuning_equals_an_unbroken_one(
    tmp_path: Path, batches_before_the_stop: int
) -> None:
    asked = iter(range(1000))
    with pytest.raises(Stopped):
        train(
            shifted(2), QUICK, start=start(), checkpoint=tmp_path,
            should_stop=lambda: next(asked) >= batches_before_the_stop,
        )  # fmt: skip
    resumed, _, batches = watched(shifted(2), QUICK, start=start(), checkpoint=tmp_path)
    unbroken, _, all_batches = watched(shifted(2), QUICK, start=start())
    whole = weights_of(unbroken)
    assert all(torch.equal(tensor, whole[name]) for name, tensor in weights_of(resumed).items())
    assert batches < all_batches  # not begun anew


def test_a_checkpoint_belongs_to_the_weights_it_started_from() -> None:
    data, spec = training_data(), start().spec
    prints = [fingerprint(data, QUICK, model) for model in (None, start(), build(spec))]
    renamed = ensemble(replace(spec, structures=("ring",)), start().members)
    prints.append(fingerprint(data, QUICK, renamed))
    assert len(set(prints)) == 4
    assert fingerprint(data, QUICK, start()) == prints[1]


def test_fine_tuning_takes_fewer_epochs_where_it_goes_on_and_all_where_it_starts_fresh() -> None:
    data, paper = training_data(), replace(start(), refiner=None)
    fresh = stages_of(data, TrainConfig(), None)
    assert [stage.tuned for stage in fresh] == [False] * 3
    for model, tuned in ((start(), [True, False, True]), (paper, [True, False, False])):
        stages = stages_of(data, TrainConfig(), model)
        assert [stage.tuned for stage in stages] == tuned
        for stage, whole in zip(stages, fresh, strict=True):
            expected = round(whole.epochs / 2) if stage.tuned else whole.epochs
            assert stage.epochs == expected
