"""The classifier of MICRA-Net (Bilodeau et al., Nat. Mach. Intell. 4, 455-466, 2022)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from inference.micranet.errors import DataRefused

LAYERS = 8
STRIDE = 8  # L7 and L8 see the image at one eighth: sides must be multiples of it


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Shape of the network; ``width`` 32 is the paper's (1,173,857 parameters for one channel, one
    structure)."""

    channels: int
    structures: int
    width: int = 32
    dropout: float = 0.5

    def __post_init__(self) -> None:
        if not 1 <= self.channels <= 16:
            raise DataRefused(f"MICRA-Net takes 1 to 16 channels, not {self.channels}.")
        if self.structures < 1:
            raise DataRefused("At least one structure is needed.")


class Layer(nn.Module):
    """3x3 convolution, batch normalisation, ReLU: one of L1 to L8."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel_size=3, padding=1)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.norm(self.conv(x)))


class MicraNet(nn.Module):
    """Eight layers, global max pooling, one logit per structure.

    Args of ``forward``: float tensor (B, C, H, W), H and W at least 8; returns logits (B, S).
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        w = config.width
        sizes = [config.channels, w, w, 2 * w, 2 * w, 4 * w, 4 * w, 8 * w, 8 * w]
        self.layers = nn.ModuleList(Layer(a, b) for a, b in pairwise(sizes))
        self.dropout = nn.Dropout(config.dropout)
        self.linear = nn.Linear(sizes[-1], config.structures)

    def activations(self, x: Tensor) -> Iterator[Tensor]:
        """A_1 … A_8 after batch norm and ReLU; 2x2 max pooling follows L2, L4 and L6."""
        for number, layer in enumerate(self.layers, start=1):
            x = layer(x)
            yield x
            if number in (2, 4, 6):
                x = nn.functional.max_pool2d(x, 2)

    def head(self, last: Tensor) -> Tensor:
        """Logits (B, S) from A_8 (B, K, h, w)."""
        pooled: Tensor = last.amax(dim=(2, 3))
        logits: Tensor = self.linear(self.dropout(pooled))
        return logits

    def forward(self, x: Tensor) -> Tensor:
        *_, last = self.activations(x)
        return self.head(last)
