"""Where and how precisely to compute: a GPU when there is one, with the same code on the CPU."""

from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from inference.micranet.errors import DataRefused

ModuleT = TypeVar("ModuleT", bound=nn.Module)
Precision = Literal["auto", "float32", "bfloat16"]


def pick_device(name: str | None = None) -> torch.device:
    """The device called ``name``, or the GPU when there is one, or the CPU."""
    if name is not None:
        return torch.device(name)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def pick_dtype(device: torch.device, precision: Precision = "auto") -> torch.dtype:
    """The float type of activations: as told, or bfloat16 where the hardware multiplies it."""
    if precision not in {"auto", "float32", "bfloat16"}:
        raise DataRefused(f"Unknown precision {precision!r}: choose auto, float32 or bfloat16.")
    if precision == "auto":
        return torch.bfloat16 if _multiplies_bfloat16(device) else torch.float32
    return torch.bfloat16 if precision == "bfloat16" else torch.float32


def pick_map_dtype(device: torch.device, precision: Precision = "auto") -> torch.dtype:
    """The same for local maps, which stay in float32 on the CPU unless told otherwise.

    Their gradients go where maxima lie, and bfloat16 makes many equal: maps were off by a third of
    their largest value where float32 was by 2e-5, and torch in bfloat16 took 1.7 times as long as
    the kernels in float32 (AVX-512 with bfloat16).
    """
    if precision == "auto" and device.type == "cpu":
        return torch.float32
    return pick_dtype(device, precision)


def _multiplies_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # torch names these two for itself only: where a version lacks them, float32 is always right
    asked = (getattr(torch.cpu, f"_is_{name}_supported", None) for name in _CPU_FEATURES)
    return device.type == "cpu" and any(ask is not None and ask() for ask in asked)


_CPU_FEATURES = ("avx512_bf16", "amx_tile")


def channels_last(module: ModuleT) -> ModuleT:
    """Put the weights of convolutions in the order that is faster on every device; in place."""
    module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return module


def send(batch: Tensor, device: torch.device) -> Tensor:
    """To the device, channels last; from pinned memory while a GPU goes on computing."""
    batch = batch.contiguous(memory_format=torch.channels_last)
    if device.type == "cuda":
        return batch.pin_memory().to(device, non_blocking=True)
    return batch.to(device)


class Fetch:
    """A copy to the host that starts now and is waited for only when it is wanted."""

    def __init__(self, values: Tensor) -> None:
        self._event: torch.cuda.Event | None = None
        self._host = values.detach()
        if values.device.type == "cuda":
            self._host = torch.empty(values.shape, dtype=values.dtype, pin_memory=True)
            self._host.copy_(values, non_blocking=True)
            self._event = torch.cuda.Event()  # type: ignore[no-untyped-call]
            self._event.record(torch.cuda.current_stream(values.device))

    def numpy(self) -> npt.NDArray[np.float32]:
        """The values, once they are here."""
        if self._event is not None:
            self._event.synchronize()
        return np.asarray(self._host.cpu().numpy(), dtype=np.float32)
