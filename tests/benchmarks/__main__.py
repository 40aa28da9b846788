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
OTHERS = {"mnist": "tests.benchmarks.mnist", "blood_bccd": "tests.benchmarks.blood"}


def main() -> None:
    """Each benchmark in its own process, so that none warms the next."""
    _run("tests.benchmarks.importing")
    _run("tests.benchmarks.engine")
    _run("tests.benchmarks.viewing")
    data = Path(os.environ.get("MICRAWEB_SHARED_DATA", "../shared/data"))
    nuclei = data / "nuclei_bbbc039"
    _run_on(nuclei, "tests.benchmarks.training", str(nuclei))
    for name, options in SETS.items():
        _run_on(data / name, "tests.benchmarks.science", str(data / name), *options)
    for name, module in OTHERS.items():
        _run_on(data / name, module, "--data", str(data / name))


def _run_on(folder: Path, module: str, *options: str) -> None:
    if folder.is_dir():
        _run(module, *options)
    else:
        print(f"{folder} is absent: left out.", file=sys.stderr)


def _run(module: str, *options: str) -> None:
    subprocess.run([sys.executable, "-m", module, *options], check=True)


if __name__ == "__main__":
    main()
