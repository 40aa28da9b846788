"""A trained model: what a worker holds in memory."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from inference.micranet.config import ModelSpec
from inference.micranet.device import channels_last
from inference.micranet.network import MicraNet, NetworkConfig
from inference.micranet.unet import UNet


@dataclass(frozen=True, slots=True)
class Model:
    """The classifier, the refiner when the method is "refined", and what they are for."""

    spec: ModelSpec
    network: MicraNet
    refiner: UNet | None = None

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
        for module in self.modules().values():
            channels_last(module.to(device))
        return self

    def modules(self) -> dict[str, nn.Module]:
        """Its networks by the name they have in a file."""
        named: dict[str, nn.Module] = {"network": self.network}
        if self.refiner is not None:
            named["refiner"] = self.refiner
        return named


def build(spec: ModelSpec) -> Model:
    """A model of this shape with fresh weights, in evaluation mode."""
    count = len(spec.structures)
    network = MicraNet(NetworkConfig(spec.channels, count, spec.width, spec.dropout)).eval()
    refiner = UNet(spec.channels, count).eval() if spec.method == "refined" else None
    return Model(spec, network, refiner)


def weights_of(model: Model) -> dict[str, Tensor]:
    """All tensors on the CPU, named ``network/…`` and ``refiner/…``."""
    return {
        f"{name}/{key}": tensor.detach().cpu().contiguous()
        for name, module in model.modules().items()
        for key, tensor in module.state_dict().items()
    }
