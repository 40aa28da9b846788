"""A server that speaks S3, in a process of its own, for the tests that keep images in a bucket."""

import sys
from collections.abc import Callable
from pathlib import Path

import requests

from micraweb.launcher.ports import unused_port
from tests.support.server_process import run_server


def start_bucket_server(folder: Path, add_cleanup: Callable[[Callable[[], None]], None]) -> str:
    """Start a server that keeps its objects in memory; return its address."""
    port = unused_port()
    address = f"http://127.0.0.1:{port}"
    run_server(
        [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)],
        log=folder / "bucket.log",
        ready=lambda: _answers(address),
        add_cleanup=add_cleanup,
    )
    return address


def make_bucket(address: str, name: str) -> None:
    requests.put(f"{address}/{name}", timeout=10).raise_for_status()


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False
