"""A bad network: a proxy between programs and a server that cuts connections in the middle."""

import random
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

# Where a connection may be cut, in bytes sent: within a batch of answers, within what is told back.
ASKED, TOLD = 5000, 600
# Closing with no time to linger resets the connection, as a network does that is gone.
AT_ONCE = struct.pack("ii", 1, 0)


@dataclass
class CuttingProxy:
    """Passes bytes on; each connection is cut, on the way there or back, until `left` is 0.

    Attributes:
        cut_there, cut_back: connections cut while they asked, and while they were told.
    """

    server: int
    left: int
    chance: random.Random
    cut_there: int = 0
    cut_back: int = 0
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

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
        for end in self._open:
            _reset(end)

    def _connect(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self.server))
        self._open += [client, server]
        back = self.chance.random() < 0.5
        # After 0 bytes of what is told: all was done and nothing of it is heard.
        after = self.chance.randrange(TOLD) if back else self.chance.randrange(1, ASKED)
        for is_back, source, target in ((False, client, server), (True, server, client)):
            way = (source, target, is_back, after if is_back == back else None)
            threading.Thread(target=self._pass, args=way, daemon=True).start()

    def _pass(
        self, source: socket.socket, target: socket.socket, is_back: bool, after: int | None
    ) -> None:
        """Pass bytes on; after so many of them both ends lose each other."""
        passed = 0
        with suppress(OSError):
            while data := source.recv(65536):
                if after is not None and passed + len(data) > after and self._cuts(is_back):
                    target.sendall(data[: max(0, after - passed)])
                    _reset(source)
                    _reset(target)
                    return
                target.sendall(data)
                passed += len(data)
            # Ended by whoever sent; what was sent may still be on its way.
            target.shutdown(socket.SHUT_WR)

    def _cuts(self, is_back: bool) -> bool:
        """Whether there is a cut to be made, which is noted."""
        with self._lock:
            self.left -= 1
            cut = self.left >= 0
            self.cut_back += cut and is_back
            self.cut_there += cut and not is_back
            return cut


@contextmanager
def cutting(server: int, *, cuts: int, seed: int) -> Iterator[CuttingProxy]:
    """A proxy in front of a port of this machine."""
    proxy = CuttingProxy(server, cuts, random.Random(seed))
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
