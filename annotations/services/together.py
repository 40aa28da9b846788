"""What many ask at the same time is done for all of them at once, by one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


@dataclass(eq=False)
class _Wish(Generic[Asked, Given]):
    asked: Asked
    given: list[Given] = field(default_factory=list)
    error: Exception | None = None

    @property
    def done(self) -> bool:
        return bool(self.given) or self.error is not None

    def result(self) -> Given:
        if self.error is not None:
            raise self.error
        return self.given[0]


@dataclass(eq=False)
class Together(Generic[Asked, Given]):
    """Serves one group of threads after the other: all who came while the last one was served.

    `serve` gets what the threads of a group asked and returns what each is given, or has done
    nothing when it raises. Flat combining: D. Hendler, I. Incze, N. Shavit and M. Tzafrir, Flat
    combining and the synchronization-parallelism tradeoff, SPAA 2010.
    """

    serve: Callable[[Sequence[Asked]], Sequence[Given]]
    _waiting: list[_Wish[Asked, Given]] = field(default_factory=list)
    _guard: Lock = field(default_factory=Lock)
    _serving: Lock = field(default_factory=Lock)

    def ask(self, asked: Asked) -> Given:
        """What `serve` gives for it; raises what it raises for this alone."""
        wish: _Wish[Asked, Given] = _Wish(asked)
        with self._guard:
            self._waiting.append(wish)
        with self._serving:
            if not wish.done:
                self._serve_all(wish)
        return wish.result()

    def _serve_all(self, own: _Wish[Asked, Given]) -> None:
        with self._guard:
            group, self._waiting = self._waiting, []
        # Taken by somebody whose thread was ended before it was served.
        if own not in group:
            group.append(own)
        try:
            self._fulfil(group)
        except Exception:  # noqa: BLE001
            # What is wrong with one is no reason for the others to go without.
            for wish in group:
                self._serve_alone(wish)

    def _serve_alone(self, wish: _Wish[Asked, Given]) -> None:
        try:
            self._fulfil([wish])
        except Exception as error:  # noqa: BLE001 raised again where it was asked
            wish.error = error

    def _fulfil(self, group: Sequence[_Wish[Asked, Given]]) -> None:
        given = self.serve([wish.asked for wish in group])
        for wish, one in zip(group, given, strict=True):
            wish.given = [one]
