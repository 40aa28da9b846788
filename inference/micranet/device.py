"""Where to compute: a GPU when there is one, with the same code on the CPU."""

import torch


def pick_device(name: str | None = None) -> torch.device:
    """The device called ``name``, or the GPU when there is one, or the CPU."""
    if name is not None:
        return torch.device(name)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
