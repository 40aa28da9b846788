"""Models come back as they were saved; files that are no models are refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from inference.micranet.config import Method, ModelSpec
from inference.micranet.errors import ModelRefused
from inference.micranet.model import Model, build, weights_of
from inference.micranet.model_io import DESCRIPTION, WEIGHTS, load_model, save_model

SPEC = ModelSpec(
    method="refined",
    channels=2,
    structures=("ring", "fibre"),
    patch_size=64,
    downscale=2,
    width=4,
    thresholds=(0.5, 0.25),
    decisions=(0.4, 0.6),
    summary={"validation_loss": 0.1, "f1": float("nan")},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_model(build(SPEC), tmp_path)
    return tmp_path


@pytest.mark.parametrize("method", ["paper", "refined"])
def test_a_model_comes_back_as_it_was(tmp_path: Path, method: Method) -> None:
    model = build(replace(SPEC, method=method))
    save_model(model, tmp_path)
    loaded = load_model(tmp_path)
    assert replace(loaded.spec, summary={}) == replace(model.spec, summary={})
    assert loaded.spec.summary == {"validation_loss": 0.1, "f1": None}
    _assert_same_weights(loaded, model)
    assert not loaded.network.training


def test_saving_over_an_older_model_replaces_it(folder: Path) -> None:
    newer = build(replace(SPEC, structures=("ring",), thresholds=(0.1,), decisions=(0.1,)))
    save_model(newer, folder)
    _assert_same_weights(load_model(folder), newer)


@pytest.mark.parametrize("name", [WEIGHTS, DESCRIPTION])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelRefused, match=f"{name} is missing"):
        load_model(folder)


@pytest.mark.parametrize("name", [WEIGHTS, DESCRIPTION])
@pytest.mark.parametrize("content", [b"", b"\x00" * 64, b"{", b"[1, 2]"])
def test_a_damaged_or_foreign_file_is_refused(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(ModelRefused, match=name):
        load_model(folder)


def test_truncated_weights_are_refused(folder: Path) -> None:
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelRefused, match="damaged"):
        load_model(folder)


def test_weights_of_another_model_are_refused(folder: Path, tmp_path: Path) -> None:
    save_model(build(replace(SPEC, width=8)), tmp_path / "other")
    (tmp_path / "other" / WEIGHTS).replace(folder / WEIGHTS)
    with pytest.raises(ModelRefused, match="different models"):
        load_model(folder)


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    model = build(SPEC)
    model.network.linear.bias.data[0] = torch.nan
    save_model(model, tmp_path)
    with pytest.raises(ModelRefused, match="no numbers"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"downscale": 3},
        {"channels": 99},
        {"width": 10**9},
        {"structures": []},
        {"thresholds": [2, 0]},
        {"thresholds": [0.5]},
        {"patch_size": "wide"},
        {"method": "magic"},
        {"combiner": "magic"},
        {"layers": []},
        {"layers": [0, 9]},
        {"members": 2},
        {"version": 99},
        {"format": "other"},
    ],
)
def test_a_description_that_cannot_be_is_refused(folder: Path, change: dict[str, object]) -> None:
    content = json.loads((folder / DESCRIPTION).read_text())
    (folder / DESCRIPTION).write_text(json.dumps(content | change))
    with pytest.raises(ModelRefused, match=DESCRIPTION):
        load_model(folder)


def _assert_same_weights(one: Model, two: Model) -> None:
    first, second = weights_of(one), weights_of(two)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)
