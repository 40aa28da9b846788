"""The fine map by the kernel of ``fine.h``."""

import ctypes

import torch
from torch import Tensor

from inference.micranet.combine import TINY
from inference.micranet.native import address, call

_MOST = 8  # layers


class FineArgs(ctypes.Structure):
    """``Fine`` of fine.h; pointers as addresses."""

    _fields_ = (
        ("maps", ctypes.c_void_p * _MOST),
        ("coarse", ctypes.c_void_p),
        ("fine", ctypes.c_void_p),
        ("heights", ctypes.c_int32 * _MOST),
        ("widths", ctypes.c_int32 * _MOST),
        *((name, ctypes.c_int32) for name in ("layers", "coarse_height", "coarse_width", "pca")),
        ("tiny", ctypes.c_float),
    )


def fused_fine_map(maps: dict[int, Tensor], coarse: Tensor, *, pca: bool) -> Tensor:
    """``fine.fine_map`` of float32 maps (B, S, h, w) on the CPU."""
    held = [maps[layer].float().contiguous() for layer in sorted(maps)]
    coarse = coarse.contiguous()
    found = torch.empty(held[0].shape)
    args = FineArgs(
        coarse=address(coarse),
        fine=address(found),
        layers=len(held),
        coarse_height=coarse.shape[2],
        coarse_width=coarse.shape[3],
        pca=pca,
        tiny=TINY,
    )
    for number, local in enumerate(held):
        args.maps[number] = address(local)
        args.heights[number], args.widths[number] = local.shape[2:]
    call("micranet_fine", coarse.shape[0] * coarse.shape[1], args)
    return found
