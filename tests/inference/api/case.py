"""One thing to do at one address, and who may do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.inference.api.world import EVERYBODY, Who, World

Body = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """One thing to do at one address; `least` is who may at least do it."""

    method: str
    route: str
    key: Callable[[World], tuple[Any, ...]]
    least: Who
    status: int = 200
    body: Body | None = None
    query: str = ""
    files: bool = False
    multipart: bool = False
    headers: dict[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.route}{self.query}"

    def expected(self, who: Who) -> int:
        """Nobody is asked to sign in, a stranger learns nothing, a member hears what is missing."""
        if who == "anonymous":
            return 401
        if who == "stranger":
            return 404
        return self.status if EVERYBODY.index(who) >= EVERYBODY.index(self.least) else 403
