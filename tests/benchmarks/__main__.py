"""All benchmarks on the images named by MICRAWEB_SHARED_DATA: JSON lines of speed, then of
quality."""

import os
import subprocess
import sys
from pathlib import Path

SETS = {
    "nuclei_bbbc039": ["--images", "30"],
    "chloroplast_em_wsu": ["--split", "half", "--patch", "128"],
    "neurons_pfc": ["--images", "30", "--patch", "128", "--downscale", "4"],
}


def main() -> None:
    """Each benchmark in its own process, so that none warms the next."""
    _run("tests.benchmarks.engine")
    data = Path(os.environ.get("MICRAWEB_SHARED_DATA", "../shared/data"))
    for name, options in SETS.items():
        if (data / name).is_dir():
            _run("tests.benchmarks.science", str(data / name), *options)
        else:
            print(f"{data / name} is absent: left out.", file=sys.stderr)


def _run(module: str, *options: str) -> None:
    subprocess.run([sys.executable, "-m", module, *options], check=True)


if __name__ == "__main__":
    main()
