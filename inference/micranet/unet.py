"""A small U-Net: the second stage, which draws what the fine maps only hint at."""

import torch
from torch import Tensor, nn

from inference.micranet.maps import grown

LEVELS = 3
MULTIPLE = 2 ** (LEVELS - 1)


class Block(nn.Sequential):
    """Two 3x3 convolutions, each with batch normalisation and ReLU."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class UNet(nn.Module):
    """Per-pixel logits (B, S, H, W) from (B, C, H, W), H and W at least 8.

    Ronneberger et al., MICCAI 2015, with three levels of ``width``, 2 ``width`` and 4 ``width``
    channels.
    """

    def __init__(self, channels: int, structures: int, width: int = 16) -> None:
        super().__init__()
        sizes = [width * 2**level for level in range(LEVELS)]
        inputs = [channels, *sizes[:-1]]
        self.down = nn.ModuleList(Block(a, b) for a, b in zip(inputs, sizes, strict=True))
        pairs = list(zip(sizes[:0:-1], sizes[-2::-1], strict=True))
        self.up = nn.ModuleList(Block(below + beside, beside) for below, beside in pairs)
        self.last = nn.Conv2d(width, structures, 1)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        x = grown(x, MULTIPLE)
        kept: list[Tensor] = []
        for block in self.down:
            x = block(nn.functional.max_pool2d(kept[-1], 2) if kept else x)
            kept.append(x)
        for block, beside in zip(self.up, kept[-2::-1], strict=True):
            x = nn.functional.interpolate(x, scale_factor=2.0, mode="nearest")
            x = block(torch.cat([x, beside], dim=1))
        logits: Tensor = self.last(x)[..., :height, :width]
        return logits
