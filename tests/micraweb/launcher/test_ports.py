import socket
from collections.abc import Iterator

import pytest

from micraweb.launcher import ports
from micraweb.launcher.errors import CannotStart


@pytest.fixture
def occupied() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_that_somebody_listens_on_is_not_free(occupied: int) -> None:
    assert not ports.is_free("127.0.0.1", occupied)


def test_a_port_is_free_again_when_its_server_is_gone() -> None:
    port = ports.unused_port()
    assert ports.is_free("127.0.0.1", port)


def test_a_wanted_port_is_taken_when_it_is_free() -> None:
    port = ports.unused_port()
    assert ports.choose_port("127.0.0.1", port) == port


def test_a_wanted_port_in_use_is_an_error_that_names_it(occupied: int) -> None:
    with pytest.raises(CannotStart, match=f"Port {occupied} is in use"):
        ports.choose_port("127.0.0.1", occupied)


def test_without_a_wish_the_next_free_port_is_taken(
    occupied: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "DEFAULT_PORT", occupied)
    chosen = ports.choose_port("127.0.0.1", None)
    assert occupied < chosen < occupied + ports.NEIGHBOURS
    assert ports.is_free("127.0.0.1", chosen)
