"""The Redis-compatible server of the tests."""

from collections.abc import Callable
from pathlib import Path

from micraweb.launcher.broker import answers, server_binary
from micraweb.launcher.ports import unused_port
from tests.support.server_process import run_server


def start_queue(folder: Path, add_cleanup: Callable[[Callable[[], None]], None]) -> str:
    """Start a server that keeps nothing on disk; return its address."""
    port = unused_port()
    url = f"redis://127.0.0.1:{port}/0"
    run_server(
        [
            str(server_binary()), "--bind", "127.0.0.1", "--port", str(port),
            "--save", "", "--appendonly", "no", "--dir", str(folder),
        ],
        log=folder / "queue.log",
        ready=lambda: answers(url),
        add_cleanup=add_cleanup,
    )  # fmt: skip
    return url
