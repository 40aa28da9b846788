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
        patches = f"{base}/patches/?structure={project.structure.pk}&limit=100"
        for state in ("all", "unanswered"):
            for order in ("image", "random", "uncertain", "certain"):
                address = f"{patches}&state={state}&order={order}"
                _time(say, f"list_{state}_{order}", partial(client.ask, "GET", address, None))
        _time(say, "own_work", partial(client.ask, "GET", "/api/me/work/", None))
        manager = Client(running.port, token_of(project.dataset.created_by))
        for name, address in _of_managers(base, patches, project.structure.pk).items():
            _time(say, name, partial(manager.ask, "GET", address, None))


def _of_managers(base: str, patches: str, structure: int) -> dict[str, str]:
    """What the pages of a manager ask for: lists of doubt, the review, and who answers how."""
    return {
        "list_contradictions": f"{patches}&order=contradiction",
        "list_disagreeing": f"{patches}&state=disagreement",
        "disagreements": f"{base}/disagreements/?structure={structure}",
        "agreement": f"{base}/agreement/?structure={structure}",
        "people": f"{base}/people/",
        "scores": f"{base}/scores/?structure={structure}",
        "remarks": f"{base}/remarks/",
        "assignments": f"{base}/assignments/",
        "plan": f"{base}/plan/",
        "overview": f"{base}/overview/",
        "progress": f"{base}/progress/",
        "images": f"{base}/images/",
    }


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
