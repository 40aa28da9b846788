"""Starting from an earlier model: its features stay, only the end of the classifier learns anew.

As the paper does for P. vivax: L1 to L6 are frozen, weights and running statistics alike; L7, L8
and the head are trained.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from inference.micranet.config import ModelSpec
from inference.micranet.data import TrainingData
from inference.micranet.errors import ModelRefused
from inference.micranet.model import Member, Model, build_member
from inference.micranet.network import MicraNet

FROZEN = 6  # layers
SLOWER = 1 / 3  # learning rate against that of a fresh training
Rows = Sequence[tuple[int, int]]


class Tail(nn.Module):
    """L7, L8 and the head of a classifier, sharing its weights.

    The layers before are no part of this module: training neither changes their weights nor puts
    their batch norms into training mode. Args of ``forward``: the classifier's own.
    """

    def __init__(self, network: MicraNet) -> None:
        super().__init__()
        network.eval()
        self._whole = (network,)  # in a tuple, so that it is not registered as a part
        self.layers = network.layers[FROZEN:]
        self.dropout = network.dropout
        self.linear = network.linear

    def forward(self, x: Tensor) -> Tensor:
        (network,) = self._whole
        with torch.no_grad():
            for number, layer in enumerate(network.layers[:FROZEN], start=1):
                x = layer(x)
                x = nn.functional.max_pool2d(x, 2) if number % 2 == 0 else x
        for layer in self.layers:
            x = layer(x)
        return network.head(x)


def check_start(data: TrainingData, start: Model) -> None:
    """Raises ModelRefused when nothing can be learnt further from this model with these patches."""
    channels = int(data.patches.shape[1])
    if start.spec.channels != channels:
        raise ModelRefused(
            f"The model to start from was trained on {start.spec.channels} channels, these images "
            f"have {channels}: choose a model of {channels} channels, or none."
        )


def started_member(spec: ModelSpec, start: Model, number: int) -> Member:
    """A member of shape ``spec`` with the weights of the earlier model.

    Structures keep their outputs by name, new ones start fresh. The earlier members are taken in
    turn: with one of them, all new ones start from it.
    """
    earlier = start.members[number % len(start.members)]
    member = build_member(spec)
    known = {name: row for row, name in enumerate(start.spec.structures)}
    rows = [(new, known[name]) for new, name in enumerate(spec.structures) if name in known]
    _take_over(member.network, earlier.network, "linear.", rows)
    if member.refiner is not None and earlier.refiner is not None:
        _take_over(member.refiner, earlier.refiner, "last.", rows)
    return member


@torch.no_grad()
def _take_over(module: nn.Module, earlier: nn.Module, head: str, rows: Rows) -> None:
    """Copy all tensors; of the head's (S, …) the rows (new, earlier)."""
    own = module.state_dict()
    for name, tensor in earlier.state_dict().items():
        if not name.startswith(head):
            own[name].copy_(tensor)
            continue
        for new, old in rows:
            own[name][new].copy_(tensor[old])
