"""`python -m tests.fuzz [--count N] [--seed N] [--keep FOLDER] [FILE …]`: one line of JSON."""

import argparse
import json
import sys
from pathlib import Path

from tests.fuzz.runs import run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="more files to damage")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for files that went wrong")
    arguments = parser.parse_args()
    found = run(
        count=arguments.count, seed=arguments.seed, more=arguments.files, keep=arguments.keep
    )
    sys.stdout.write(json.dumps(found) + "\n")
    sys.exit(bool(found["crashes"] or found["hangs"] or found["exceptions"]))


if __name__ == "__main__":
    main()
