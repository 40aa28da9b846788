"""A running mean of a network's weights: one step more or less hardly changes it."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """Mean of weights and running statistics after each step, the latest steps counting most.

    Before step t (from 0) the mean takes over a part of 1 / (1 + share t) of the new weights, so it
    remembers about the last ``share`` of all steps so far (B. T. Polyak, A. B. Juditsky, SIAM J.
    Control Optim. 30, 838-855, 1992, with a memory that grows with the training).

    Args of the constructor: share 0 to 1; 0 follows the weights themselves.
    """

    def __init__(self, module: nn.Module, share: float) -> None:
        self._module = module
        self._share = share
        self._mean = {name: t.detach().clone() for name, t in module.state_dict().items()}

    @torch.no_grad()
    def add(self, step: int) -> None:
        """Take up the module's weights after step ``step`` of the training, counted from 0."""
        part = 1 / (1 + self._share * step)
        for name, tensor in self._module.state_dict().items():
            if tensor.dtype.is_floating_point:
                self._mean[name].lerp_(tensor, part)
            else:
                self._mean[name].copy_(tensor)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The module has the mean weights inside, and its own again afterwards."""
        own = {name: t.detach().clone() for name, t in self._module.state_dict().items()}
        self._module.load_state_dict(self._mean)
        try:
            yield
        finally:
            self._module.load_state_dict(own)

    def tensors(self) -> dict[str, Tensor]:
        """The mean, by the names of the module's weights."""
        return self._mean

    def load(self, tensors: dict[str, Tensor]) -> None:
        """Put back what ``tensors`` gave."""
        for name, tensor in tensors.items():
            self._mean[name].copy_(tensor)
