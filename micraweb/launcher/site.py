"""The processes that make up the site on one machine."""

import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from micraweb.launcher.child import Child

WEB_THREADS = 8
WORKER_THREADS = 4
QUEUES = "quick,io,compute"
CELERY = (sys.executable, "-m", "celery", "-A", "micraweb")


@dataclass(frozen=True)
class Site:
    """Where the site lives and listens."""

    code: Path
    data: Path
    host: str
    port: int

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def address(self) -> str:
        """The address for a browser on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def environment(self, given: Mapping[str, str], redis_url: str) -> dict[str, str]:
        """Return the environment of every child."""
        return {
            **given,
            "MICRAWEB_DATA": str(self.data),
            "REDIS_URL": redis_url,
            "ALLOWED_HOSTS": given.get("ALLOWED_HOSTS", self._allowed_hosts()),
            "PYTHONUNBUFFERED": "1",
            # Torch's threads wait asleep, not spinning: beside a web server and a browser on few
            # cores, spinning made a training on two cores five times slower.
            "OMP_WAIT_POLICY": given.get("OMP_WAIT_POLICY", "PASSIVE"),
        }

    def _allowed_hosts(self) -> str:
        """Names by which the site may be addressed; more only when it listens to the network."""
        names = ["localhost", "127.0.0.1", "[::1]"]
        if self.host not in names:
            names += [self.host, socket.gethostname(), socket.getfqdn()]
        return ",".join(dict.fromkeys(names))


def web(site: Site, environment: Mapping[str, str]) -> Child:
    bind = f"[{site.host}]:{site.port}" if ":" in site.host else f"{site.host}:{site.port}"
    return Child(
        name="web",
        command=[
            sys.executable, "-m", "gunicorn", "micraweb.wsgi",
            "--bind", bind,
            "--worker-class", "gthread", "--workers", "1", "--threads", str(WEB_THREADS),
            "--timeout", "120", "--graceful-timeout", "5", "--no-control-socket",
        ],
        environment=environment,
        folder=site.code,
        log=site.logs / "web.log",
    )  # fmt: skip


def worker(site: Site, environment: Mapping[str, str]) -> Child:
    """The process that imports, trains, segments and exports.

    Asked to end, it finishes what takes a few seconds; a training that takes minutes is cut off
    and taken up again from its checkpoint at the next start.
    """
    return Child(
        name="worker",
        command=[
            *CELERY, "worker",
            "--pool", "threads", "--concurrency", str(WORKER_THREADS), "--queues", QUEUES,
            "--hostname", "worker@%h", "--without-gossip", "--without-mingle",
        ],
        environment=environment,
        folder=site.code,
        log=site.logs / "worker.log",
        grace=5.0,
        when_orphaned=signal.SIGKILL,
    )  # fmt: skip


def clock(site: Site, environment: Mapping[str, str]) -> Child:
    """The process that reminds the worker of periodic tasks.

    Not embedded in the worker with -B: that forks it from a process with threads, and the fork
    would outlive a worker that is killed.
    """
    return Child(
        name="clock",
        command=[*CELERY, "beat", "--schedule", str(site.data / "clock"), "--pidfile="],
        environment=environment,
        folder=site.code,
        log=site.logs / "clock.log",
    )


def command(site: Site, environment: Mapping[str, str], name: str, *arguments: str) -> Child:
    """A management command that runs once beside the site."""
    return Child(
        name=name,
        command=[sys.executable, "manage.py", name, *arguments],
        environment=environment,
        folder=site.code,
        log=site.logs / f"{name}.log",
    )
