"""Start a site of its own, take real images through it, and say how well it did."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import requests

from micraweb.launcher.ports import unused_port
from tests.smoke.client import Client, Refused, sign_up
from tests.smoke.loop import Loop
from tests.smoke.sets import SETS, SmokeSet
from tests.support.site import up


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.smoke", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the real images")
    parser.add_argument("--only", choices=[make.__name__ for make in SETS], help="one set alone")
    chosen = parser.parse_args()
    if not chosen.data.is_dir():
        print(f"{chosen.data} is not a folder; name it with make smoke DATA=/folder.")
        return 2
    with tempfile.TemporaryDirectory(prefix="micraweb-smoke-") as folder:
        return smoke(chosen.data, Path(folder), chosen.only)


def smoke(data: Path, folder: Path, only: str | None) -> int:
    """Print one JSON line per set; return 1 when a set fell short of its lowest pixel F1."""
    port = unused_port()
    with up(folder / "site", "--no-demo", "--port", str(port)) as site:
        site.read_until("micraweb runs at")
        client = sign_up(f"http://127.0.0.1:{port}", "smoke", "from yes and no to masks")
        short = 0
        for make in SETS:
            if only in (None, make.__name__):
                short += one_set(client, make(data), folder)
    return int(short > 0)


def one_set(client: Client, chosen: SmokeSet, folder: Path) -> bool:
    """Take one set through; return whether it fell short, having said why."""
    try:
        report = Loop(client, chosen, folder).run()
    except (Refused, requests.RequestException) as error:
        print(f"{chosen.name}: {error}", file=sys.stderr)
        return True
    print(json.dumps(report.as_json()), flush=True)
    if report.pixel_f1 >= chosen.lowest_pixel_f1:
        return False
    print(
        f"{chosen.name}: pixel F1 {report.pixel_f1:.3f} is under {chosen.lowest_pixel_f1}.",
        file=sys.stderr,
    )
    return True


if __name__ == "__main__":
    sys.exit(main())
