"""Training state in one safetensors file per stage: whole or absent, never pickle."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """A point in a stage between two epochs: tensors, and plain values as JSON."""

    tensors: dict[str, Tensor]
    values: dict[str, Any]


def write_state(path: Path, state: State) -> None:
    """Write beside, then rename: a killed worker leaves the last whole state."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    tensors = {name: t.detach().cpu().contiguous() for name, t in state.tensors.items()}
    save_file(tensors, beside, metadata={"micranet": json.dumps(state.values)})
    beside.replace(path)


def read_state(path: Path, *, fingerprint: str) -> State | None:
    """The state at ``path``, or None when there is none for this data and configuration.

    A damaged file or one of other data is no reason to fail: the stage starts over, and the log
    says so.
    """
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            values = json.loads((file.metadata() or {})["micranet"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        logger.warning("Checkpoint %s cannot be read (%s): this stage starts over.", path, error)
        return None
    if values.get("fingerprint") != fingerprint:
        logger.warning("Checkpoint %s belongs to other data: this stage starts over.", path)
        return None
    return State(tensors, values)


def under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Names put below a prefix."""
    return {f"{prefix}/{name}": tensor for name, tensor in tensors.items()}


def below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The names below a prefix, without it."""
    start = prefix + "/"
    return {name[len(start) :]: t for name, t in tensors.items() if name.startswith(start)}


def copied_weights(module: nn.Module) -> dict[str, Tensor]:
    """A copy of all weights and running statistics, on the CPU."""
    return {name: t.detach().cpu().clone() for name, t in module.state_dict().items()}


def optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Adam's moments and step counts, flattened to names like ``12/exp_avg``."""
    state = optimiser.state_dict()["state"]
    return {f"{index}/{name}": t for index, entry in state.items() for name, t in entry.items()}


def load_optimiser(optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put back what ``optimiser_tensors`` took."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        index, key = name.split("/")
        state.setdefault(int(index), {})[key] = tensor
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": state, "param_groups": groups})
