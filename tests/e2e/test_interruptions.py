"""A person answers while the line, the browser and the server break down, on a whole site."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.site import CODE, FOREIGN

ROUNDS = 3


@pytest.mark.e2e
@pytest.mark.slow
def test_nothing_that_was_queued_or_acknowledged_is_lost_or_double() -> None:
    """The benchmark's rounds, one of each kind."""
    command = [sys.executable, "-m", "tests.benchmarks.interruptions", "--rounds", str(ROUNDS)]
    environment = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    done = subprocess.run(command, cwd=CODE, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = {line["metric"]: line["value"] for line in lines}
    assert sum(found[f"rounds_{kind}"] for kind in ("line", "browser", "server")) == ROUNDS
    assert found["cut_while_asking"] + found["cut_while_told"] == 1
    assert min(found["waiting_line"], found["waiting_server"]) > 0
    assert found["painted"] > 20
    for what in ("lost_acknowledged", "lost_queued", "duplicated", "other_value"):
        assert found[what] == 0, found
