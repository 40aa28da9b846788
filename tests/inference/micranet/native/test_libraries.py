"""Each library of kernels that this processor can run draws the oracle's maps."""

import json
import os
import subprocess
import sys

import pytest
import torch

from inference.micranet import native
from tests.inference.micranet.test_maps import FLOAT32, needs_kernels

# What torch calls a processor, from the least to the most, and the floats at once on it.
LANES = {"DEFAULT": 0, "AVX2": 8, "AVX512": 16}


@needs_kernels
@pytest.mark.parametrize("capability", ["AVX2", "AVX512"])
def test_wide_and_narrow_kernels_draw_the_maps_of_the_oracle(capability: str) -> None:
    known = list(LANES)
    here = torch.backends.cpu.get_cpu_capability()
    if here not in known or known.index(here) < known.index(capability):
        pytest.skip(f"This processor has no {capability}.")
    told = {**os.environ, "ATEN_CPU_CAPABILITY": capability.lower()}
    command = [sys.executable, "-m", "tests.inference.micranet.native.gaps"]
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["lanes"] == LANES[capability]
    assert found["gap"] < FLOAT32


@needs_kernels
def test_the_widest_kernels_that_can_run_here_are_taken() -> None:
    assert native.lanes() == LANES.get(torch.backends.cpu.get_cpu_capability(), 8)
