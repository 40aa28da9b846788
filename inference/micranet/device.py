"""Where to compute: a GPU when there is one, with the same code on the CPU."""

from typing import TypeVar

import torch
from torch import nn

ModuleT = TypeVar("ModuleT", bound=nn.Module)


def pick_device(name: str | None = None) -> torch.device:
    """The device called ``name``, or the GPU when there is one, or the CPU."""
    if name is not None:
        return torch.device(name)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def channels_last(module: ModuleT) -> ModuleT:
    """Put the weights of convolutions in the order that is faster on every device; in place."""
    module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return module
