"""Which port to listen on."""

import socket

from micraweb.launcher.errors import CannotStart

DEFAULT_PORT = 8000
NEIGHBOURS = 100


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen on host:port now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do, so that a port that was in use a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def unused_port(host: str = "127.0.0.1") -> int:
    """Return a port that nobody listens on, chosen by the system."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def choose_port(host: str, wanted: int | None) -> int:
    """Return `wanted`, or, when nobody asked for one port, 8000 or the next free one after it."""
    if wanted is not None:
        if not is_free(host, wanted):
            raise CannotStart(f"Port {wanted} is in use; choose another one or leave it out.")
        return wanted
    for port in range(DEFAULT_PORT, DEFAULT_PORT + NEIGHBOURS):
        if is_free(host, port):
            return port
    last = DEFAULT_PORT + NEIGHBOURS - 1
    raise CannotStart(f"Ports {DEFAULT_PORT} to {last} of {host} are all in use.")
