"""A million patches and two million answers: how long lists and the queue take."""

import http.client
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.benchmarks.labelling_site import site

TIMES = 40


def large(say: Callable[..., None]) -> None:
    """Two people have answered everything; the plan wants a third answer to every patch."""
    with site(database="postgres") as running:
        from annotations.models import LabellingPlan
        from tests.benchmarks.labelling_data import answer_all, expect, make_data, token_of

        project = make_data(people=3, images=1000, side=32)
        LabellingPlan.objects.create(dataset=project.dataset, answers_wanted=3, shared_fraction=1.0)
        answers = answer_all(project, project.people[:2])
        expect(project)
        say("patches", 1000 * 32 * 32, answers=answers)
        running.start()
        client = Client(running.port, project.tokens[2])
        base = f"/api/datasets/{project.dataset.pk}"
        for order in ("image", "random", "uncertain"):
            body = {"structure": project.structure.pk, "count": 50, "order": order}
            _time(say, f"next_{order}", partial(client.ask, "POST", f"{base}/next/", body))
        manager = Client(running.port, token_of(project.dataset.created_by))
        address = f"{base}/patches/?structure={project.structure.pk}&order=contradiction&limit=100"
        _time(say, "list_contradictions", partial(manager.ask, "GET", address, None))
        for state in ("all", "unanswered"):
            for order in ("image", "uncertain"):
                query = f"?structure={project.structure.pk}&state={state}&order={order}&limit=100"
                address = f"{base}/patches/{query}"
                name = f"list_{state}_{order}"
                _time(say, name, partial(client.ask, "GET", address, None))


class Client:
    """One person's connection."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}

    def ask(self, method: str, address: str, body: Any) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        connection.request(method, address, json.dumps(body) if body else None, self._headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status} {text[:300]!r}")


def _time(say: Callable[..., None], name: str, ask: Callable[[], None]) -> None:
    """The first one alone, which may have to read everything, then the usual ones."""
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - start))
    say(f"{name}_first_ms", taken[0])
    say(f"{name}_p50_ms", float(np.quantile(taken[1:], 0.5)))
    say(f"{name}_p95_ms", float(np.quantile(taken[1:], 0.95)))


__all__ = ["large"]
