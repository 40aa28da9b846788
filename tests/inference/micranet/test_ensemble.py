"""Several members: maps and scores are means, files hold all, training counts and resumes all."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inference.micranet.config import EpochReport, Method, ModelSpec
from inference.micranet.course import member_seed
from inference.micranet.errors import ModelRefused, Stopped
from inference.micranet.model import Member, Model, build, build_member, ensemble, weights_of
from inference.micranet.model_io import DESCRIPTION, WEIGHTS, load_model, save_model
from inference.micranet.pixelmap import map_window
from inference.micranet.segment import segment
from inference.micranet.train import train
from tests.inference.micranet.sample import QUICK, discs, training_data, watched

# Decisions of 0: every window shows every structure, so that maps can be compared.
SPEC = ModelSpec("refined", 1, ("a", "b"), 32, width=8, thresholds=(0.5, 0.5), decisions=(0, 0))
TWO = replace(QUICK, members=2)
EPOCHS = 9  # of one member


def drawn(method: Method, members: int) -> Model:
    """Members with weights as they were drawn."""
    torch.manual_seed(4)
    return build(replace(SPEC, method=method, members=members))


def alone(model: Model) -> list[Model]:
    """Each member as a model of its own."""
    return [ensemble(model.spec, [member]) for member in model.members]


@pytest.mark.parametrize("method", ["paper", "refined"])
@pytest.mark.parametrize("members", [2, 3])
def test_the_map_is_the_mean_of_the_members_maps(method: Method, members: int) -> None:
    model = drawn(method, members)
    batch = torch.from_numpy(discs(64, 64, count=4, seed=2).image[None])
    single = [map_window(one, "float32")(batch) for one in alone(model)]
    assert not torch.allclose(single[0], single[1], atol=1e-3)
    found = map_window(model, "float32")(batch)
    assert torch.allclose(found, sum(single) / torch.tensor(members), atol=1e-6)


def test_a_structure_is_present_where_the_mean_score_says_so() -> None:
    model = drawn("paper", 2)
    for member, logit in zip(model.members, (-1.0, 3.0), strict=True):
        member.network.linear.weight.data.zero_()
        member.network.linear.bias.data.fill_(logit)
    mean = float(torch.sigmoid(torch.tensor([-1.0, 3.0])).mean())
    batch = torch.rand(1, 1, 32, 32)
    torch.manual_seed(1)
    for member in model.members:
        member.network.linear.weight.data.normal_(std=1e-4)
    for decision, expected in ((mean - 0.02, True), (mean + 0.02, False)):
        spec = replace(model.spec, decisions=(decision,) * 2)
        assert bool(map_window(replace(model, spec=spec))(batch).any()) is expected


@pytest.mark.parametrize("method", ["paper", "refined"])
def test_patch_scores_are_the_mean_of_the_members_scores(method: Method) -> None:
    model = drawn(method, 3)
    expected = np.mean([_scores(one) for one in alone(model)], axis=0)
    assert np.ptp([_scores(one) for one in alone(model)], axis=0).max() > 1e-3
    assert np.allclose(_scores(model), expected, atol=1e-6)


def _scores(model: Model) -> np.ndarray:
    image = discs(70, 100, count=4, seed=2).image
    summary = segment(
        model,
        lambda y0, y1, x0, x1: image[:, y0:y1, x0:x1],
        height=70,
        width=100,
        limits=[(0.0, 1.0)],
        write=lambda structure, y0, x0, rows: None,
        precision="float32",
    )
    return summary.patch_scores


def test_members_are_the_models_that_their_seeds_give_alone() -> None:
    model = train(training_data(), TWO)
    assert model.spec.members == 2
    for number, member in enumerate(model.members):
        single = train(training_data(), replace(QUICK, seed=member_seed(TWO, number)))
        assert _same(ensemble(model.spec, [member]), single)
    assert member_seed(TWO, 0) == QUICK.seed


def test_progress_and_figures_count_all_members() -> None:
    reports: list[EpochReport] = []
    model = train(training_data(), TWO, on_epoch=reports.append)
    assert [report.epoch for report in reports] == list(range(1, 2 * EPOCHS + 1))
    assert {report.epochs for report in reports} == {2 * EPOCHS}
    assert [report.member for report in reports] == [1] * EPOCHS + [2] * EPOCHS
    assert {report.members for report in reports} == {2}
    assert [set(figures) for figures in model.spec.summary["members"]] == [
        {"classify", "locate", "refine"}
    ] * 2


@pytest.mark.parametrize("batches_before_the_stop", [31, 70, 100])
def test_a_resumed_ensemble_equals_an_unbroken_one(
    tmp_path: Path, batches_before_the_stop: int
) -> None:
    asked = iter(range(1000))
    with pytest.raises(Stopped):
        train(
            training_data(), TWO, checkpoint=tmp_path,
            should_stop=lambda: next(asked) >= batches_before_the_stop,
        )  # fmt: skip
    resumed, reports, batches = watched(training_data(), TWO, checkpoint=tmp_path)
    unbroken, _, all_batches = watched(training_data(), TWO)
    assert _same(resumed, unbroken)
    assert resumed.spec.summary == unbroken.spec.summary
    assert batches < all_batches  # not begun anew
    assert [report.epoch for report in reports] == list(range(1, 2 * EPOCHS + 1))


@pytest.mark.parametrize("method", ["paper", "refined"])
def test_an_ensemble_comes_back_as_it_was(tmp_path: Path, method: Method) -> None:
    model = drawn(method, 3)
    save_model(model, tmp_path)
    loaded = load_model(tmp_path)
    assert loaded.spec == model.spec
    assert _same(loaded, model)
    assert len(loaded.members) == 3
    assert not any(m.training for member in loaded.members for m in member.modules().values())


def test_a_model_written_before_there_were_ensembles_is_read(tmp_path: Path) -> None:
    model = drawn("refined", 1)
    save_model(model, tmp_path)
    content = json.loads((tmp_path / DESCRIPTION).read_text())
    del content["members"]
    (tmp_path / DESCRIPTION).write_text(json.dumps(content))
    assert _same(load_model(tmp_path), model)
    assert {name.split("/")[0] for name in weights_of(model)} == {"network", "refiner"}


@pytest.mark.parametrize("members", [1, 3, 0, -1, 10**9, 2.0, "2", None, True, [2]])
def test_a_count_of_members_that_is_not_the_files_is_refused(
    tmp_path: Path, members: object
) -> None:
    save_model(drawn("paper", 2), tmp_path)
    content = json.loads((tmp_path / DESCRIPTION).read_text())
    (tmp_path / DESCRIPTION).write_text(json.dumps(content | {"members": members}))
    with pytest.raises(ModelRefused, match=DESCRIPTION):
        load_model(tmp_path)


def test_weights_that_the_description_does_not_name_are_refused(tmp_path: Path) -> None:
    save_model(drawn("refined", 1), tmp_path / "one")
    model = drawn("paper", 1)
    save_model(model, tmp_path)
    (tmp_path / "one" / WEIGHTS).replace(tmp_path / WEIGHTS)
    with pytest.raises(ModelRefused, match="different models"):
        load_model(tmp_path)


def test_members_of_an_ensemble_start_with_different_weights() -> None:
    first, second = drawn("paper", 2).members
    assert isinstance(first, Member)
    assert not torch.equal(first.network.linear.weight, second.network.linear.weight)
    assert build_member(SPEC).refiner is not None


def _same(one: Model, two: Model) -> bool:
    first, second = weights_of(one), weights_of(two)
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)
