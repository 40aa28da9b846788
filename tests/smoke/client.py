"""A lab's own script against the HTTP interface: nothing here knows micraweb's code."""

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

Cell = tuple[int, int]
SECONDS_PER_REQUEST = 120
POLL = 0.5


class Refused(Exception):
    """The site answered with an error, or a run failed."""


class Client:
    """Asks one site as one user."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Token {token}"

    def get(self, path: str) -> Any:
        return self._ask("GET", path).json()

    def post(self, path: str, **data: Any) -> Any:
        return self._ask("POST", path, json=data).json()

    def upload(self, path: str, file: Path, *, name: str) -> Any:
        with file.open("rb") as content:
            return self._ask("POST", path, files={"file": (name, content)}).json()

    def download(self, address: str, target: Path) -> None:
        answer = self._ask("GET", address, stream=True)
        with target.open("wb") as output:
            for part in answer.iter_content(2**20):
                output.write(part)

    def label(self, image: int, structure: int, cells: Sequence[Cell], value: str) -> None:
        if cells:
            body = {"structure": structure, "cells": [list(cell) for cell in cells], "value": value}
            self.post(f"images/{image}/labels/", **body)

    def wait_for_image(self, image: int, *, seconds: float = 120) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.get(f"images/{image}/")
            if found["state"] == "ready":
                return found
            if found["state"] == "refused":
                raise Refused(f"{found['name']} was refused: {found['error']}")
            time.sleep(POLL)
        raise Refused(f"image {image} was not imported within {seconds:.0f} s")

    def wait_for_run(self, run: int, *, seconds: float = 3600) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.get(f"runs/{run}/")
            if found["state"] == "done":
                return found
            if found["state"] in ("failed", "cancelled"):
                raise Refused(f"{found['kind']} {found['state']}: {found['error']}")
            time.sleep(POLL)
        raise Refused(f"run {run} did not end within {seconds:.0f} s")

    def _ask(self, method: str, path: str, **how: Any) -> requests.Response:
        address = urljoin(f"{self._address}/api/", path)
        answer = self._session.request(method, address, timeout=SECONDS_PER_REQUEST, **how)
        if not answer.ok:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer


def sign_up(address: str, username: str, password: str) -> Client:
    """Register as a person does, by the form, and ask for a token."""
    session = requests.Session()
    page = f"{address}/accounts/signup/"
    form = session.get(page, timeout=SECONDS_PER_REQUEST).text
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    if secret is None:
        raise Refused("the sign-up page has no form")
    fields = {
        "csrfmiddlewaretoken": secret[1], "username": username,
        "email": f"{username}@example.org", "password1": password, "password2": password,
    }  # fmt: skip
    session.post(page, data=fields, headers={"Referer": page}, timeout=SECONDS_PER_REQUEST)
    login = {"login": username, "password": password}
    answer = session.post(f"{address}/api/token/", json=login, timeout=SECONDS_PER_REQUEST)
    if not answer.ok:
        raise Refused(f"no token: {answer.status_code} {answer.text[:500]}")
    return Client(address, answer.json()["token"])
