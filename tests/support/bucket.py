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
        # By itself it lets every page read every bucket; so the rules of each bucket count.
        environment={"MOTO_DISABLE_GLOBAL_CORS": "true"},
    )
    return address


def make_bucket(address: str, name: str) -> None:
    requests.put(f"{address}/{name}", timeout=10).raise_for_status()


def allow_reading_from(address: str, bucket: str, origin: str) -> None:
    """Let pages of one origin read the bucket, as the documentation for administrators says."""
    rule = _RULE.format(origin=origin)
    requests.put(f"{address}/{bucket}?cors", data=rule, timeout=10).raise_for_status()


_RULE = (
    "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin>"
    "<AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader>"
    "<MaxAgeSeconds>3600</MaxAgeSeconds></CORSRule></CORSConfiguration>"
)


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False
