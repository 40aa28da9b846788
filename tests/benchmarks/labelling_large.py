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
        from tests.benchmarks.labelling_data import make_data, token_of

        project = make_data(people=3, images=1000, side=32)
        like = _fill(say, project)
        running.start()
        clients = [Client(running.port, token) for token in project.tokens]
        base = f"/api/datasets/{project.dataset.pk}"
        patches = f"{base}/patches/?structure={project.structure.pk}&limit=100"
        _queue(say, clients[2], base, project.structure.pk)
        for name, address in _of_annotators(base, patches, like).items():
            _time(say, name, partial(clients[2].ask, "GET", address, None))
        # Of somebody who has answered all of it.
        _time(say, "own_progress", partial(clients[0].ask, "GET", f"{base}/progress/", None))
        manager = Client(running.port, token_of(project.dataset.created_by))
        managers = _of_managers(base, patches, project.structure.pk)
        for name, address in managers.items():
            _time(say, name, partial(manager.ask, "GET", address, None))
        # While somebody answers: between two looks the answers are not what they were.
        for name in ("agreement", "people", "progress"):
            ask = partial(manager.ask, "GET", managers[name], None)
            _time(say, f"{name}_meanwhile", ask, partial(_answer, clients[2], base, project))


def _fill(say: Callable[..., None], project: Any) -> str:
    """Answers, their history, scores and what patches look like; one to compare others with."""
    from annotations.models import LabellingPlan
    from tests.benchmarks.labelling_data import answer_all, describe, expect, remember

    LabellingPlan.objects.create(dataset=project.dataset, answers_wanted=3, shared_fraction=1.0)
    answers = answer_all(project, project.people[:2])
    remember(project)
    expect(project)
    say("patches", 1000 * 32 * 32, answers=answers)
    return describe(project)


def _queue(say: Callable[..., None], client: "Client", base: str, structure: int) -> None:
    for order in ("image", "random", "uncertain"):
        body = {"structure": structure, "count": 50, "order": order}
        _time(say, f"next_{order}", partial(client.ask, "POST", f"{base}/next/", body))


def _of_annotators(base: str, patches: str, like: str) -> dict[str, str]:
    """Lists of patches, and a person's own page."""
    lists = {
        f"list_{state}_{order}": f"{patches}&state={state}&order={order}"
        for state in ("all", "unanswered")
        for order in ("image", "random", "uncertain", "certain")
    }
    similar = {"list_similar": f"{patches}&order=similar&like={like}"}
    return lists | similar | {"own_work": "/api/me/work/"}


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

    def ask(self, method: str, address: str, body: Any) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        connection.request(method, address, json.dumps(body) if body else None, self._headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status} {text[:300]!r}")
        return json.loads(text)


def _answer(client: Client, base: str, project: Any) -> None:
    """Somebody answers about a patch of their queue."""
    structure = project.structure.pk
    ask = {"structure": structure, "count": 1, "order": "random", "keep": []}
    (patch,) = client.ask("POST", f"{base}/next/", ask)["patches"]
    place = {name: patch[name] for name in ("image", "row", "column")}
    answer = {**place, "structure": structure, "value": "yes"}
    client.ask("POST", f"{base}/answers/", {"answers": [answer]})


def _nothing() -> None:
    pass


def _time(
    say: Callable[..., None],
    name: str,
    ask: Callable[[], Any],
    before: Callable[[], None] = _nothing,
) -> None:
    """The first one alone, which may have to read everything, then the usual ones."""
    taken = []
    for _ in range(TIMES):
        before()
        start = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - start))
    say(f"{name}_first_ms", taken[0])
    say(f"{name}_p50_ms", float(np.quantile(taken[1:], 0.5)))
    say(f"{name}_p95_ms", float(np.quantile(taken[1:], 0.95)))


__all__ = ["large"]
