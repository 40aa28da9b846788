import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from micraweb.launcher import child as child_module
from micraweb.launcher.child import Child, shorten

# A process that starts another one, tells its number, and ignores the polite request to end.
STUBBORN_PARENT = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""

# A launcher that is killed without a chance to end its child.
LAUNCHER = """
import sys, time
from pathlib import Path
from micraweb.launcher.child import Child
command = [sys.executable, "-c", "import time; time.sleep(60)"]
child = Child("sleeper", command, {}, Path(sys.argv[1]))
child.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""


def eventually(happens: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not happens() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happens()


def exists(number: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def python(log: Path, code: str, **fields: float) -> Child:
    return Child("child", [sys.executable, "-c", code], os.environ, log, **fields)  # type: ignore[arg-type]


def test_the_output_of_a_child_goes_to_its_log(tmp_path: Path) -> None:
    child = python(tmp_path / "logs" / "child.log", "print('hello')")
    child.start()
    assert eventually(lambda: not child.alive)
    assert child.exit_code == 0
    assert child.tail() == "hello"


def test_the_tail_is_the_end_of_the_log(tmp_path: Path) -> None:
    child = python(tmp_path / "child.log", "print(*range(100), sep='\\n')")
    child.start()
    assert eventually(lambda: not child.alive)
    assert child.tail(2) == "98\n99"


def test_a_child_that_ignores_the_request_to_end_ends_with_its_own_children(tmp_path: Path) -> None:
    child = python(tmp_path / "child.log", STUBBORN_PARENT, grace=0.3)
    child.start()
    assert eventually(lambda: child.tail() != "")
    grandchild = int(child.tail())
    child.ask_to_end()
    child.end()
    assert child.exit_code == -signal.SIGKILL
    assert eventually(lambda: not exists(grandchild))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of the parent's end")
def test_a_child_ends_when_the_launcher_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LAUNCHER, str(tmp_path / "child.log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        child = int(launcher.stdout.readline())
        assert exists(child)
        launcher.kill()
    assert eventually(lambda: not exists(child))


def test_a_large_log_is_put_aside_and_one_older_one_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "KEEP_LOG_BYTES", 10)
    log = tmp_path / "web.log"
    log.write_text("x" * 11)
    shorten(log)
    assert not log.exists()
    assert (tmp_path / "web.old.log").read_text() == "x" * 11
