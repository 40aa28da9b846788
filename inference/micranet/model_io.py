"""A model as two files: weights (safetensors) and what they are (JSON). Never pickle."""

import json
import math
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from inference.micranet.checkpoint import below
from inference.micranet.config import COMBINERS, DOWNSCALES, MAX_MEMBERS, METHODS, ModelSpec
from inference.micranet.errors import DataRefused, ModelRefused
from inference.micranet.model import Model, build, weights_of
from inference.micranet.network import LAYERS

WEIGHTS, DESCRIPTION = "model.safetensors", "model.json"
FORMAT = 1


def save_model(model: Model, folder: Path) -> None:
    """Write ``model.safetensors`` and ``model.json``; the description comes last, so a half-written
    model has none."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DESCRIPTION).unlink(missing_ok=True)
    save_file(weights_of(model), folder / WEIGHTS, metadata={"format": "pt"})
    content = {"format": "micranet", "version": FORMAT, **model.spec.to_dict()}
    beside = folder / (DESCRIPTION + ".part")
    beside.write_text(json.dumps(_plain(content), indent=2, allow_nan=False), encoding="utf-8")
    beside.replace(folder / DESCRIPTION)


def load_model(folder: Path, *, device: torch.device | None = None) -> Model:
    """The model in ``folder``, in evaluation mode. Raises ModelRefused when it is missing, corrupt
    or foreign."""
    model = build(_read_spec(folder / DESCRIPTION))
    _fill(model, _read_weights(folder / WEIGHTS))
    return model.to(device or torch.device("cpu"))


def _fill(model: Model, weights: dict[str, Tensor]) -> None:
    try:
        for name, module in model.modules().items():
            module.load_state_dict(below(name, weights))
        if weights.keys() != weights_of(model).keys():
            raise KeyError("There are weights of further networks.")
    except (RuntimeError, KeyError) as error:
        raise ModelRefused(
            f"{WEIGHTS} does not hold the weights that {DESCRIPTION} describes: "
            "the two files come from different models."
        ) from error


def _read_weights(path: Path) -> dict[str, Tensor]:
    try:
        weights = load_file(path)
    except FileNotFoundError as error:
        raise ModelRefused(f"{WEIGHTS} is missing: train the model again or restore it.") from error
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelRefused(f"{WEIGHTS} is damaged and cannot be read ({error}).") from error
    if any(t.is_floating_point() and not torch.isfinite(t).all() for t in weights.values()):
        raise ModelRefused(f"{WEIGHTS} holds values that are no numbers: train the model again.")
    return weights


def _read_spec(path: Path) -> ModelSpec:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelRefused(f"{DESCRIPTION} is missing: this folder holds no model.") from error
    except (OSError, ValueError) as error:
        raise ModelRefused(f"{DESCRIPTION} is damaged and cannot be read ({error}).") from error
    if not isinstance(content, dict) or content.get("format") != "micranet":
        raise ModelRefused(f"{DESCRIPTION} does not describe a MICRA-Net model.")
    if content.get("version") != FORMAT:
        raise ModelRefused(
            f"{DESCRIPTION} has version {content.get('version')}, this program reads {FORMAT}."
        )
    return _checked_spec(content)


def _checked_spec(content: dict[str, Any]) -> ModelSpec:
    fields: dict[str, Any] = {
        name: tuple(content[name]) if isinstance(content[name], list) else content[name]
        for name in ModelSpec.__dataclass_fields__
        if name in content
    }
    try:
        spec = ModelSpec(**fields)
        count = len(spec.structures)
        sane = _networks_are_sane(spec) and _readings_are_sane(spec, count)
    except (TypeError, ValueError, DataRefused) as error:
        raise ModelRefused(f"{DESCRIPTION} is incomplete: {error}.") from error
    if not sane:
        raise ModelRefused(f"{DESCRIPTION} holds values that no model can have.")
    return spec


def _networks_are_sane(spec: ModelSpec) -> bool:
    whole = (spec.channels, spec.width, spec.patch_size, spec.members)
    return (
        all(type(number) is int for number in whole)
        and 1 <= spec.channels <= 16
        and 1 <= spec.width <= 256
        and 1 <= spec.members <= MAX_MEMBERS
        and spec.patch_size >= 8
        and spec.method in METHODS
        and spec.downscale in DOWNSCALES
        and type(spec.mirrored) is bool
    )


def _readings_are_sane(spec: ModelSpec, count: int) -> bool:
    return (
        count >= 1
        and spec.combiner in COMBINERS
        and 1 <= len(spec.layers) == len(set(spec.layers))
        and set(spec.layers) <= set(range(1, LAYERS + 1))
        and len(spec.thresholds) == len(spec.decisions) == count
        and all(0 <= t <= 1 for t in (*spec.thresholds, *spec.decisions))
    )


def _plain(value: Any) -> Any:
    """JSON knows no nan: figures without a value become null."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
