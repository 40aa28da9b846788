"""Where commands beside a running site find its queue."""

from pathlib import Path

# Of a broker that was installed as a service.
DEFAULT = "redis://127.0.0.1:6379/0"


def configuration(data: Path) -> Path:
    """The file that the launcher's broker is started with, readable by the site's owner alone."""
    return data / "queue" / "broker.conf"


def queue_address(data: Path) -> str:
    """The address of the queue that `manage.py up` started last on a data folder, or the default.

    It may have ended since: then nobody answers there, and work waits for the sweep as ever.
    """
    try:
        lines = configuration(data).read_text("utf-8").splitlines()
    except OSError:
        return DEFAULT
    words = dict(line.split(" ", 1) for line in lines if " " in line)
    if not {"port", "requirepass"} <= words.keys():
        return DEFAULT
    return f"redis://:{words['requirepass']}@127.0.0.1:{words['port']}/0"
