"""A proxy between programs and a server of this machine, whose connections can be cut."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

# Closing with no time to linger resets the connection, as a network does that is gone.
AT_ONCE = struct.pack("ii", 1, 0)
# (on the way back, bytes): how many of them pass before the connection is cut; None: all, no cut.
Judge = Callable[[bool, bytes], int | None]


@dataclass
class Proxy:
    """Passes bytes on; what a kind of network does to them, its `judge` says.

    Attributes:
        cut_there, cut_back: connections cut while they asked, and while they were told.
    """

    server: int
    cut_there: int = 0
    cut_back: int = 0
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def judge(self) -> Judge | None:
        """What happens to one more connection; None where it is refused."""
        raise NotImplementedError

    def serve(self) -> None:
        """Take connections until the proxy is closed."""
        with suppress(OSError):
            while True:
                self._connect(self._listener.accept()[0])

    def close(self) -> None:
        # A listener that is only closed goes on waiting in `accept`.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Cut every connection."""
        for end in self._open:
            _reset(end)
        self._open.clear()

    def _connect(self, client: socket.socket) -> None:
        judge = self.judge()
        server = None if judge is None else self._reached()
        if judge is None or server is None:
            _reset(client)
            return
        self._open += [client, server]
        for is_back, source, target in ((False, client, server), (True, server, client)):
            way = (source, target, is_back, judge)
            threading.Thread(target=self._pass, args=way, daemon=True).start()

    def _reached(self) -> socket.socket | None:
        """A connection to the server; None while it is down."""
        try:
            return socket.create_connection(("127.0.0.1", self.server))
        except OSError:
            return None

    def _pass(
        self, source: socket.socket, target: socket.socket, is_back: bool, judge: Judge
    ) -> None:
        """Pass bytes on until the end; at a cut both ends lose each other."""
        try:
            while data := source.recv(65536):
                passing = judge(is_back, data)
                target.sendall(data[:passing])
                if passing is not None:
                    _reset(source)
                    _reset(target)
                    return
            # Ended by whoever sent; what was sent may still be on its way.
            target.shutdown(socket.SHUT_WR)
        except OSError:
            # One end is gone, so the other is to know.
            _reset(source)
            _reset(target)

    def _note(self, is_back: bool) -> None:
        self.cut_back += is_back
        self.cut_there += not is_back


Kind = TypeVar("Kind", bound=Proxy)


@contextmanager
def serving(proxy: Kind) -> Iterator[Kind]:
    """Let the proxy pass on what comes until the end of the block."""
    thread = threading.Thread(target=proxy.serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join(10)


def _reset(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        end.shutdown(socket.SHUT_RDWR)
    end.close()
