"""A trained model: what a worker holds in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from inference.micranet.config import ModelSpec
from inference.micranet.device import channels_last
from inference.micranet.network import MicraNet, NetworkConfig
from inference.micranet.unet import UNet


@dataclass(frozen=True, slots=True)
class Member:
    """One classifier, and its refiner when the method is "refined"."""

    network: MicraNet
    refiner: UNet | None = None

    def modules(self) -> dict[str, nn.Module]:
        """Its networks by the name they have in a file."""
        named: dict[str, nn.Module] = {"network": self.network}
        if self.refiner is not None:
            named["refiner"] = self.refiner
        return named

    def to(self, device: torch.device) -> "Member":
        """Move the weights; returns the member itself."""
        for module in self.modules().values():
            channels_last(module.to(device))
        return self


@dataclass(frozen=True, slots=True)
class Model:
    """One or several classifiers, their refiners when the method is "refined", and what they are
    for.

    ``network`` and ``refiner`` are those of the first member, ``further`` are the other members of
    an ensemble.
    """

    spec: ModelSpec
    network: MicraNet
    refiner: UNet | None = None
    further: tuple[Member, ...] = ()

    @property
    def members(self) -> tuple[Member, ...]:
        """All members; their maps and scores are averaged."""
        return Member(self.network, self.refiner), *self.further

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Per structure: the map value (0..1) from which a pixel belongs to it."""
        return self.spec.thresholds

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.network.linear.weight.device

    def to(self, device: torch.device) -> "Model":
        """Move the weights; returns the model itself."""
        for member in self.members:
            member.to(device)
        return self

    def modules(self) -> dict[str, nn.Module]:
        """Its networks by the name they have in a file: ``network`` and ``refiner``, in an ensemble
        below the member's number, counted from 1."""
        if not self.further:
            return self.members[0].modules()
        return {
            f"{number}/{name}": module
            for number, member in enumerate(self.members, start=1)
            for name, module in member.modules().items()
        }


def build(spec: ModelSpec) -> Model:
    """A model of this shape with fresh weights, in evaluation mode."""
    return ensemble(spec, [build_member(spec) for _ in range(spec.members)])


def build_member(spec: ModelSpec) -> Member:
    """One member of such a model, with fresh weights."""
    count = len(spec.structures)
    network = MicraNet(NetworkConfig(spec.channels, count, spec.width, spec.dropout)).eval()
    refiner = UNet(spec.channels, count).eval() if spec.method == "refined" else None
    return Member(network, refiner)


def ensemble(spec: ModelSpec, members: Sequence[Member]) -> Model:
    """The model of these members, at least one."""
    first, *further = members
    spec = replace(spec, members=len(members))
    return Model(spec, first.network, first.refiner, tuple(further))


def weights_of(model: Model) -> dict[str, Tensor]:
    """All tensors on the CPU, named ``network/…`` and ``refiner/…``, in an ensemble ``1/network/…``
    and so on."""
    return {
        f"{name}/{key}": tensor.detach().cpu().contiguous()
        for name, module in model.modules().items()
        for key, tensor in module.state_dict().items()
    }
